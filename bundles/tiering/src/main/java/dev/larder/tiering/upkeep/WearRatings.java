package dev.larder.tiering.upkeep;

import dev.larder.spi.media.MediaClass;
import java.util.OptionalLong;

/**
 * How much media bear to be written where nobody said. Round figures of data sheets, in whole
 * writes of the capacity: drives with three bits a cell are sold with 600 TB for each TB, soldered
 * flash with about 1,000 cycles behind its own write amplification, and cards are mostly sold with
 * no rating at all: those that have one say some 10 TB for 32 GB. What the medium is, nobody may
 * know: then a tenth of the tier a day.
 */
public final class WearRatings {

  /**
   * The rating is spread over ten years of running time; with a day more for each, since a bucket
   * starts with a day's worth: so the bytes of one year are a tenth of the rating at the most.
   */
  private static final int DAYS = 3660;

  /** But a tier that is a part of its medium may take a model a day. */
  private static final long LEAST_DAILY = 1L << 30;

  private WearRatings() {}

  /**
   * Bytes that a medium bears to be written in its life; empty if it does not wear.
   *
   * @param capacityBytes of the medium, as far as it is known
   */
  public static OptionalLong ratedBytes(MediaClass media, long capacityBytes) {
    long cycles =
        switch (media) {
          case NVME -> 600;
          case EMMC -> 1000;
          case SD -> 300;
          case OTHER -> DAYS / 10;
          case PMEM, REMOTE -> 0;
        };
    if (cycles == 0) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        capacityBytes > Long.MAX_VALUE / cycles ? Long.MAX_VALUE : cycles * capacityBytes);
  }

  /** Bytes a day that spread a rating over the service life. */
  public static long dailyBytes(long ratedBytes) {
    return ratedBytes / DAYS;
  }

  /**
   * The same for a rating that is only supposed, and of the tier rather than the medium.
   *
   * @param part whether the tier was limited to a part of its medium
   */
  static long supposedDailyBytes(long ratedBytes, boolean part) {
    long daily = dailyBytes(ratedBytes);
    return part ? Math.max(LEAST_DAILY, daily) : daily;
  }
}
