package dev.larder.api;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** No tier may take an artifact. */
public final class NoSuitableTierException extends LarderException {

  private static final long serialVersionUID = 1L;

  private final TreeMap<String, String> reasons;

  /**
   * The refusals.
   *
   * @param what the artifact
   * @param reasons why not, by name of tier
   */
  public NoSuitableTierException(String what, Map<String, String> reasons) {
    super(
        ErrorCode.NO_SUITABLE_TIER,
        "no suitable tier for " + what + ": " + list(reasons),
        reasons.isEmpty()
            ? "add a tier with 'larder tier add'"
            : "free space, add a tier, or name one with --tier");
    this.reasons = new TreeMap<>(reasons);
  }

  private static String list(Map<String, String> reasons) {
    return reasons.isEmpty()
        ? "there is no storage tier"
        : new TreeMap<>(reasons)
            .entrySet().stream()
                .map(e -> e.getKey() + ": " + e.getValue())
                .collect(Collectors.joining(", "));
  }

  /** Why not, by name of tier. */
  public Map<String, String> reasons() {
    return Map.copyOf(reasons);
  }
}
