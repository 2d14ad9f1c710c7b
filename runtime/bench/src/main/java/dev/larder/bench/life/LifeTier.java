package dev.larder.bench.life;

import dev.larder.api.TierRole;
import dev.larder.cli.CliException;
import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.placement.TierView;
import dev.larder.tiering.upkeep.WearRatings;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A tier to be simulated.
 *
 * @param name its class and, if there are several of it, a number
 * @param role home or cache
 * @param profile its medium, as its driver expects it of such media
 * @param capacity bytes
 * @param rated bytes that its medium bears to be written; empty if it does not wear
 * @param options for placement rules
 */
public record LifeTier(
    String name,
    TierRole role,
    MediaProfile profile,
    long capacity,
    OptionalLong rated,
    Map<String, String> options) {

  private static final long MEGA = 1_000_000;
  private static final String ADVICE =
      "write it like sd:32g or nvme:2g:role=cache:ratedWrites=600t; classes are pmem, nvme, emmc,"
          + " sd and remote";

  /**
   * Reads one.
   *
   * @param sizes reads sizes
   * @param number for its name; 0 for none
   */
  public static LifeTier parse(String text, Sizes sizes, int number) throws CliException {
    String[] parts = text.split(":", -1);
    if (parts.length < 2) {
      throw wrong("'" + text + "' has no capacity");
    }
    MediaProfile profile = profile(parts[0]);
    long capacity = sizes.bytes("--tier " + text, parts[1]);
    Map<String, String> given = new HashMap<>();
    for (int i = 2; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals < 1) {
        throw wrong("'" + parts[i] + "' is no option");
      }
      given.put(parts[i].substring(0, equals), parts[i].substring(equals + 1));
    }
    String role = Objects.requireNonNullElse(given.remove("role"), "storage");
    if (!role.equals("storage") && !role.equals("cache")) {
      throw wrong("role '" + role + "' is neither storage nor cache");
    }
    String rating = given.remove("ratedWrites");
    OptionalLong rated =
        rating == null
            ? WearRatings.ratedBytes(profile.mediaClass(), capacity)
            : OptionalLong.of(sizes.bytes("ratedWrites", rating));
    for (String option : given.keySet()) {
      if (!option.startsWith(TierView.OPTIONS)) {
        throw wrong("there is no option '" + option + "'");
      }
    }
    String name = parts[0] + (number == 0 ? "" : String.valueOf(number));
    return new LifeTier(
        name,
        role.equals("cache") ? TierRole.CACHE : TierRole.STORAGE,
        profile,
        capacity,
        rated,
        Map.copyOf(new TreeMap<>(given)));
  }

  /** Reads a size. */
  @FunctionalInterface
  public interface Sizes {
    /** In bytes. */
    long bytes(String what, String text) throws CliException;
  }

  private static CliException wrong(String what) {
    return CliException.usage("--tier: " + what, ADVICE);
  }

  /** What the drivers expect of such media. */
  private static MediaProfile profile(String name) throws CliException {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "pmem" -> profile(MediaClass.PMEM, 4, 6600, 2300);
      case "nvme" -> profile(MediaClass.NVME, 80, 3500, 2000);
      case "emmc" -> profile(MediaClass.EMMC, 125, 300, 120);
      case "sd" -> profile(MediaClass.SD, 500, 104, 40);
      case "remote" -> profile(MediaClass.REMOTE, 40_000, 10, 10);
      default -> throw wrong("'" + name + "' is no class of media");
    };
  }

  private static MediaProfile profile(MediaClass media, double micros, long reads, long writes) {
    return new MediaProfile(
        media, micros, reads * MEGA, writes * MEGA, 2, 1 << 20, 4096, 4096, 0, true);
  }

  /** Whether it is nobody's copy. */
  public boolean isStorage() {
    return role == TierRole.STORAGE;
  }

  double loadSeconds(long bytes) {
    return profile.readLatencyMicros() / 1e6 + (double) bytes / profile.readBytesPerSecond();
  }

  /** Bytes a day that may be written on the gateway's own account. */
  OptionalLong daily() {
    return rated.isEmpty() ? rated : OptionalLong.of(WearRatings.dailyBytes(rated.getAsLong()));
  }
}
