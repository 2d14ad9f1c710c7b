package dev.larder.itest.faults;

import dev.larder.media.simulated.FaultKind;
import dev.larder.media.simulated.FaultRule;
import dev.larder.media.simulated.Operation;
import java.util.List;
import java.util.Random;

/** What goes wrong in a world, besides the power. */
enum Weather {
  /** Nothing. */
  CALM(50),
  /** Input/output errors, once or for ever. */
  ERRORS(14),
  /** Hardly any room, and sometimes less than the medium said. */
  FULL(12),
  /** Forces that return but are not durable: loss is allowed, wrong bytes are not. */
  LIES(7),
  /** Bits flip at rest: damage must be told, and wrong bytes are not allowed. */
  ROT(7),
  /** The second medium is pulled, and comes back. */
  REMOVAL(6),
  /** Slow and hung operations: nothing may fail but what is cancelled. */
  SLOW(4);

  private static final long SECOND = 1_000_000_000L;
  private static final Operation[] WRITES = {
    Operation.APPEND,
    Operation.FORCE,
    Operation.TRUNCATE,
    Operation.CREATE,
    Operation.DELETE,
    Operation.WRITE_SUPERBLOCK
  };

  private final int weight;

  Weather(int weight) {
    this.weight = weight;
  }

  static Weather of(Random random) {
    int at = random.nextInt(100);
    for (Weather weather : values()) {
      at -= weather.weight;
      if (at < 0) {
        return weather;
      }
    }
    return CALM;
  }

  /** Whether a volume may lose what it has acknowledged. */
  boolean loses() {
    return this == LIES || this == ROT;
  }

  long capacity(Random random) {
    return this == FULL ? (4 << 20) + random.nextInt(5 << 20) : 256 << 20;
  }

  /** The rules of one session on one medium. */
  List<FaultRule> rules(Random random, boolean second) {
    return switch (this) {
      case CALM, ROT -> List.of();
      case ERRORS -> List.of(error(random));
      case FULL ->
          random.nextInt(3) == 0
              ? List.of(FaultRule.once(FaultKind.FULL, 1 + random.nextInt(60), WRITES))
              : List.of();
      case LIES -> List.of(FaultRule.share(FaultKind.LIE, random.nextInt(4) / 4.0 + 0.25));
      case REMOVAL ->
          second ? List.of(FaultRule.once(FaultKind.GONE, 1 + random.nextInt(60))) : List.of();
      case SLOW ->
          List.of(
              FaultRule.share(FaultKind.HANG, 0.01, Operation.READ, Operation.FORCE).amount(SECOND),
              FaultRule.share(FaultKind.SLOW, 0.1));
    };
  }

  private static FaultRule error(Random random) {
    int at = 1 + random.nextInt(40);
    Operation[] all = Operation.values();
    Operation one = all[random.nextInt(all.length)];
    return switch (random.nextInt(4)) {
      case 0 -> FaultRule.from(FaultKind.EIO, at, one);
      case 1 -> FaultRule.once(FaultKind.EIO, 1 + random.nextInt(8), one);
      default -> FaultRule.once(FaultKind.EIO, at, WRITES);
    };
  }

  /** Cuts the power at one of the next operations that change something. */
  static FaultRule cut(Random random, int within) {
    return FaultRule.once(FaultKind.CUT, 1 + random.nextInt(within), WRITES);
  }
}
