package dev.larder.tiering.tier;

import dev.larder.api.LarderException;
import dev.larder.spi.media.Medium;
import dev.larder.spi.media.MediumGoneException;
import dev.larder.store.Volume;
import dev.larder.store.VolumeIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether the medium of an open volume is still there. */
final class MediumPresence {

  private static final Logger LOG = LoggerFactory.getLogger(MediumPresence.class);

  private MediumPresence() {}

  /**
   * Looks for it; reads its superblock, some kilobytes that are in the page cache as a rule.
   *
   * @return why it counts as gone; empty if it is there, or if that cannot be told
   */
  static Optional<IOException> gone(OpenVolume open, DeviceScanner devices) {
    if (deviceGone(open, devices)) {
      return Optional.of(gone("its device was taken away", null));
    }
    Volume volume = open.volume;
    List<ByteBuffer> copies = new ArrayList<>();
    IOException failure = null;
    for (int copy = 0; copy < Medium.SUPERBLOCK_COPIES; copy++) {
      try {
        volume.medium().readSuperblock(copy).ifPresent(copies::add);
      } catch (MediumGoneException e) {
        return Optional.of(e);
      } catch (LarderException e) {
        return Optional.empty(); // it is closed already, or too new
      } catch (IOException e) {
        failure = e;
      }
    }
    if (copies.isEmpty()) {
      return Optional.of(gone("its superblock cannot be read", failure));
    }
    return another(volume, copies);
  }

  private static Optional<IOException> another(Volume volume, List<ByteBuffer> copies) {
    try {
      return VolumeIdentity.read(copies)
          .filter(found -> !found.volume().equals(volume.uuid()))
          .map(found -> gone("volume " + found.volume() + " is in its place", null));
    } catch (LarderException e) {
      LOG.debug("the superblock of {} is not readable any more", volume.uuid(), e);
      return Optional.empty();
    }
  }

  private static MediumGoneException gone(String why, @Nullable IOException cause) {
    IOException last = cause == null ? new IOException(why) : cause;
    return new MediumGoneException(why, last);
  }

  /** A file system stays mounted when its device is pulled, and answers from memory for a while. */
  private static boolean deviceGone(OpenVolume open, DeviceScanner devices) {
    try {
      return !open.device.isEmpty() && !devices.has(open.device);
    } catch (IOException e) {
      LOG.debug("whether device {} is there cannot be told", open.device, e);
      return false;
    }
  }
}
