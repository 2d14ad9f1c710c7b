package dev.larder.media.simulated;

import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;

/**
 * What a simulated disk is.
 *
 * @param name for people
 * @param capacityBytes how much fits; 1 or more
 * @param profile speeds, which advance the clock, and the sector, which may tear
 */
public record DiskSpec(String name, long capacityBytes, MediaProfile profile) {

  /** NVMe: 3500 MB/s, 80 µs. */
  static final MediaProfile NVME = profile(MediaClass.NVME, 80, 3_500, 2_000, 4);

  /** eMMC: 300 MB/s, 150 µs. */
  static final MediaProfile EMMC = profile(MediaClass.EMMC, 150, 300, 150, 2);

  /** SD UHS-I: 104 MB/s, 0.6 ms. */
  static final MediaProfile SD = profile(MediaClass.SD, 600, 104, 40, 2);

  /** Anything: 150 MB/s, 0.5 ms. */
  static final MediaProfile OTHER = profile(MediaClass.OTHER, 500, 150, 80, 2);

  /** Checks the range. */
  public DiskSpec {
    if (capacityBytes < 1) {
      throw new IllegalArgumentException("capacity " + capacityBytes + " is less than 1");
    }
  }

  /** A disk of no special kind. */
  public static DiskSpec of(String name, long capacityBytes) {
    return new DiskSpec(name, capacityBytes, OTHER);
  }

  /** The same with another sector size: a power of two, 512 to 64 KiB. */
  public DiskSpec sector(int bytes) {
    return new DiskSpec(name, capacityBytes, profile.withGeometry(4096, bytes));
  }

  private static MediaProfile profile(
      MediaClass mediaClass, double micros, int readMegabytes, int writeMegabytes, int depth) {
    return new MediaProfile(
        mediaClass,
        micros,
        readMegabytes * 1_000_000L,
        writeMegabytes * 1_000_000L,
        depth,
        1 << 20,
        4096,
        4096,
        0,
        true);
  }
}
