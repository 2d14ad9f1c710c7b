package dev.larder.policy.placement.cost;

import dev.larder.spi.media.MediaClass;

/**
 * What a medium costs.
 *
 * @param dollarsPerGigabyte to buy, or to rent for ten years
 * @param watts while it is read
 * @param cycles whole writes that it bears; 0 if it does not wear
 */
record MediumCost(double dollarsPerGigabyte, double watts, double cycles) {

  /**
   * Where nobody has said it: round figures of shops and data sheets around 2025, for orientation,
   * none of them measured. A remote store: a cent and a half to two and a half a month.
   */
  static MediumCost of(MediaClass media) {
    return switch (media) {
      case PMEM -> new MediumCost(4, 12, 0);
      case NVME -> new MediumCost(0.10, 5, 600);
      case EMMC -> new MediumCost(0.20, 0.5, 1000);
      case SD -> new MediumCost(0.08, 0.4, 300);
      case REMOTE -> new MediumCost(2.4, 2, 0);
      case OTHER -> new MediumCost(0.10, 3, 365);
    };
  }
}
