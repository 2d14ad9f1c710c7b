package dev.larder.store;

import dev.larder.api.LarderException;
import dev.larder.spi.media.Measurement;
import dev.larder.spi.media.Medium;
import dev.larder.store.format.Superblock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which volume it is, as its superblock says: to recognise one without opening it.
 *
 * @param volume its name in the world
 * @param epoch raised when another gateway writes
 * @param writer gateway that wrote last
 * @param measured what a probe of its medium has found
 */
public record VolumeIdentity(UUID volume, long epoch, UUID writer, Optional<Measured> measured) {

  /** What its medium was found to do when this gateway reached it in the same way as now. */
  public Optional<Measurement> measuredBy(UUID gateway, Medium medium) {
    return measured.filter(found -> found.isOf(gateway, medium.description())).map(Measured::found);
  }

  /**
   * Reads it from the copies of a superblock that are there, in any order.
   *
   * @return empty if none of them is whole
   * @throws LarderException {@code FORMAT_UNSUPPORTED}
   */
  public static Optional<VolumeIdentity> read(Iterable<ByteBuffer> copies) throws LarderException {
    Superblock best = null;
    for (ByteBuffer copy : copies) {
      Optional<Superblock> read = Superblock.decode(copy);
      if (read.isPresent() && (best == null || read.get().generation() > best.generation())) {
        best = read.get();
      }
    }
    return Optional.ofNullable(best)
        .map(s -> new VolumeIdentity(s.volume(), s.epoch(), s.writer(), s.fields().measured()));
  }

  /** Reads it from a medium. */
  public static Optional<VolumeIdentity> read(Medium medium) throws IOException {
    List<ByteBuffer> copies = new ArrayList<>();
    for (int copy = 0; copy < Medium.SUPERBLOCK_COPIES; copy++) {
      medium.readSuperblock(copy).ifPresent(copies::add);
    }
    return read(copies);
  }
}
