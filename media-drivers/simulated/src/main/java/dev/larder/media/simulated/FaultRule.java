package dev.larder.media.simulated;

import dev.larder.api.LarderException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong when.
 *
 * @param kind what
 * @param operations which operations count
 * @param first the how-manieth of them it strikes first; 1 or more
 * @param lasting whether it strikes at all later ones, too
 * @param share probability with which it strikes where it could; above 0, at most 1
 * @param amount nanoseconds of {@link FaultKind#SLOW}, and of {@link FaultKind#HANG} at the longest
 *     (0 for ever); bits of {@link FaultKind#ROT}; else not used
 */
public record FaultRule(
    FaultKind kind,
    Set<Operation> operations,
    long first,
    boolean lasting,
    double share,
    long amount) {

  private static final Pattern RULE =
      Pattern.compile(
          "(?<kind>[a-z]+)(?::(?<operation>[a-z-]+))?"
              + "(?::(?:(?<first>[0-9]{1,12})(?<lasting>\\+?)|(?<share>[0-9]{1,3}(?:\\.[0-9]+)?)%))?"
              + "(?::(?<amount>[0-9]{1,9})(?<unit>ms|s)?)?");

  private static final long NANOS_PER_MILLI = 1_000_000L;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Checks the ranges, and leaves out operations that cannot go wrong in this way. */
  public FaultRule {
    if (first < 1 || !(share > 0 && share <= 1) || amount < 0) {
      throw new IllegalArgumentException("out of range: " + first + ", " + share + ", " + amount);
    }
    EnumSet<Operation> possible = EnumSet.noneOf(Operation.class);
    operations.stream().filter(kind::concerns).forEach(possible::add);
    operations = Set.copyOf(possible);
  }

  /** Strikes once, at the how-manieth of some operations. */
  public static FaultRule once(FaultKind kind, long at, Operation... operations) {
    return new FaultRule(kind, some(operations), at, false, 1, defaultAmount(kind));
  }

  /** Strikes from the how-manieth of some operations on. */
  public static FaultRule from(FaultKind kind, long first, Operation... operations) {
    return new FaultRule(kind, some(operations), first, true, 1, defaultAmount(kind));
  }

  /** Strikes now and then. */
  public static FaultRule share(FaultKind kind, double share, Operation... operations) {
    return new FaultRule(kind, some(operations), 1, true, share, defaultAmount(kind));
  }

  /** The same with another amount. */
  public FaultRule amount(long other) {
    return new FaultRule(kind, operations, first, lasting, share, other);
  }

  private static Set<Operation> some(Operation... operations) {
    return operations.length == 0 ? EnumSet.allOf(Operation.class) : Set.of(operations);
  }

  private static long defaultAmount(FaultKind kind) {
    return switch (kind) {
      case SLOW -> 100 * NANOS_PER_MILLI;
      case ROT -> 1;
      case EIO, FULL, LIE, HANG, GONE, CUT -> 0;
    };
  }

  /**
   * Reads rules separated by commas. One is {@code KIND[:OPERATION|any][:WHEN][:AMOUNT]}, WHEN
   * being {@code 20} (the 20th, the first by default), {@code 20+} (from the 20th on) or {@code 5%}
   * (of all). Such as {@code eio:force:20}, {@code lie:force:10%}, {@code slow:read:5%:200ms}.
   *
   * @throws LarderException {@code INVALID_ARGUMENT}
   */
  public static List<FaultRule> parse(String text) throws LarderException {
    List<FaultRule> rules = new ArrayList<>();
    for (String rule : text.split(",", -1)) {
      if (!rule.isBlank()) {
        rules.add(one(rule.strip().toLowerCase(Locale.ROOT)));
      }
    }
    return rules;
  }

  private static FaultRule one(String text) throws LarderException {
    Matcher parts = RULE.matcher(text);
    if (!parts.matches()) {
      throw invalid(text, "it is not KIND[:OPERATION][:WHEN][:AMOUNT]");
    }
    FaultKind kind = kind(text, parts.group("kind"));
    String first = parts.group("first");
    String share = parts.group("share");
    String amount = parts.group("amount");
    try {
      return new FaultRule(
          kind,
          operations(text, parts.group("operation")),
          first == null ? 1 : Long.parseLong(first),
          share != null || "+".equals(parts.group("lasting")),
          share == null ? 1 : Double.parseDouble(share) / 100,
          amount == null ? defaultAmount(kind) : scaled(amount, parts.group("unit")));
    } catch (IllegalArgumentException e) {
      throw invalid(text, String.valueOf(e.getMessage()));
    }
  }

  private static long scaled(String amount, @Nullable String unit) {
    long number = Long.parseLong(amount);
    return switch (String.valueOf(unit)) {
      case "ms" -> number * NANOS_PER_MILLI;
      case "s" -> number * NANOS_PER_SECOND;
      default -> number;
    };
  }

  private static FaultKind kind(String rule, String text) throws LarderException {
    for (FaultKind kind : FaultKind.values()) {
      if (kind.text().equals(text)) {
        return kind;
      }
    }
    throw invalid(rule, "there is no fault " + text);
  }

  private static Set<Operation> operations(String rule, @Nullable String text)
      throws LarderException {
    if (text == null || text.equals("any")) {
      return EnumSet.allOf(Operation.class);
    }
    for (Operation operation : Operation.values()) {
      if (operation.text().equals(text)) {
        return Set.of(operation);
      }
    }
    throw invalid(rule, "there is no operation " + text);
  }

  private static LarderException invalid(String rule, String why) {
    return LarderException.invalid("fault '" + rule + "' of a simulated medium: " + why);
  }
}
