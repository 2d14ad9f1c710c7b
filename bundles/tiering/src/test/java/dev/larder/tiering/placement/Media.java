package dev.larder.tiering.placement;

import dev.larder.spi.media.MediaClass;
import dev.larder.spi.media.MediaProfile;

/** Profiles of media. */
final class Media {

  private Media() {}

  static MediaProfile of(MediaClass medium, double megabytesPerSecond) {
    long rate = (long) (megabytesPerSecond * 1e6);
    return new MediaProfile(medium, 100, rate, rate, 2, 1 << 20, 4096, 4096, 0, true);
  }
}
