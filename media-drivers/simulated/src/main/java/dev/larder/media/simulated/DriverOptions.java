package dev.larder.media.simulated;

import dev.larder.api.LarderException;
import dev.larder.spi.media.MediaProfile;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code tier add --option} says of a simulated disk.
 *
 * @param seed of all chance; 1 by default
 * @param capacityBytes its size; 1 GiB by default, at most 64 GiB
 * @param profile of {@code medium=nvme|emmc|sd|other}
 * @param rules of {@code faults=}, see {@link FaultRule#parse}
 * @param cut of {@code cut=drop|keep|prefix|reorder|torn}; reorder by default
 * @param absences of {@code returns=N}: it comes back when it was asked for so often; 0 for never
 * @param clock of {@code time=virtual|real}
 */
record DriverOptions(
    long seed,
    long capacityBytes,
    MediaProfile profile,
    List<FaultRule> rules,
    PowerCut cut,
    int absences,
    SimulatedClock clock) {

  private static final Set<String> NAMES =
      Set.of("seed", "capacity", "medium", "faults", "cut", "returns", "time");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,11})([kmg]?)");
  private static final long MOST_BYTES = 64L << 30;

  /** Reads them. */
  static DriverOptions of(Map<String, String> options) throws LarderException {
    Set<String> unknown = new TreeSet<>(options.keySet());
    unknown.removeAll(NAMES);
    if (!unknown.isEmpty()) {
      throw LarderException.invalid(
          "a simulated medium has no option " + unknown + ", but " + new TreeSet<>(NAMES));
    }
    return new DriverOptions(
        number(options, "seed", 1, Long.MAX_VALUE),
        size(options.getOrDefault("capacity", "1g")),
        profile(options.getOrDefault("medium", "other")),
        FaultRule.parse(options.getOrDefault("faults", "")),
        cut(options.getOrDefault("cut", "reorder")),
        (int) number(options, "returns", 0, Integer.MAX_VALUE - 1),
        clock(options.getOrDefault("time", "virtual")));
  }

  private static long number(Map<String, String> options, String name, long otherwise, long most)
      throws LarderException {
    String text = options.get(name);
    if (text == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // worded below
    }
    throw invalid(name, text, "a number from 0 to " + most);
  }

  private static long size(String text) throws LarderException {
    Matcher parts = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (parts.matches()) {
      int shift = 10 * " kmg".indexOf((parts.group(2) + " ").charAt(0));
      long number = Long.parseLong(parts.group(1));
      if (number >= 1 && number <= MOST_BYTES >> shift) {
        return number << shift;
      }
    }
    throw invalid("capacity", text, "a size such as 512m, at most 64g");
  }

  private static MediaProfile profile(String text) throws LarderException {
    return switch (text) {
      case "nvme" -> DiskSpec.NVME;
      case "emmc" -> DiskSpec.EMMC;
      case "sd" -> DiskSpec.SD;
      case "other" -> DiskSpec.OTHER;
      default -> throw invalid("medium", text, "one of nvme, emmc, sd, other");
    };
  }

  private static PowerCut cut(String text) throws LarderException {
    for (PowerCut cut : PowerCut.values()) {
      if (cut.name().toLowerCase(Locale.ROOT).equals(text)) {
        return cut;
      }
    }
    throw invalid("cut", text, "one of drop, keep, prefix, reorder, torn");
  }

  private static SimulatedClock clock(String text) throws LarderException {
    return switch (text) {
      case "virtual" -> SimulatedClock.virtual();
      case "real" -> SimulatedClock.real();
      default -> throw invalid("time", text, "virtual or real");
    };
  }

  private static LarderException invalid(String name, String text, String wanted) {
    return LarderException.invalid(
        "option " + name + " of a simulated medium is " + wanted + ", not " + text);
  }

  /** A disk as they say. */
  SimulatedDisk disk(String name) {
    SimulatedDisk disk =
        new SimulatedDisk(
            new DiskSpec(name, capacityBytes, profile),
            new FaultPlan(seed, rules),
            new PowerSupply(),
            clock);
    disk.onPowerLoss(cut);
    disk.absences(absences);
    return disk;
  }
}
