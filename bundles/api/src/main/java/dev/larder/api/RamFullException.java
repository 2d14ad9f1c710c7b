package dev.larder.api;

import java.util.List;

/** Everything in the RAM cache is leased and the artifact does not fit beside it. */
public final class RamFullException extends LarderException {

  private static final long serialVersionUID = 1L;

  /**
   * The leases in the way.
   *
   * @param what the artifact
   * @param needed bytes it needs
   * @param limit bytes the RAM cache may take
   * @param leases ids with the references they hold
   */
  public RamFullException(String what, long needed, long limit, List<String> leases) {
    super(
        ErrorCode.RAM_FULL,
        "no room in the RAM cache for "
            + what
            + " ("
            + needed
            + " bytes; limit "
            + limit
            + "): leased are "
            + String.join(", ", leases),
        "release one with 'larder release', or raise $LARDER_RAM_LIMIT");
  }
}
