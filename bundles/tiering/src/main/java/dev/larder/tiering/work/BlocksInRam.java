package dev.larder.tiering.work;

import dev.larder.api.Digest;
import dev.larder.store.BlocksAtHand;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.ram.ResidentBlocks;
import dev.larder.tiering.ram.ResidentBlocks.Place;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one load takes from artifacts that are in RAM. Those that it takes from are held until it is
 * closed, so that none of them is evicted meanwhile. Any thread; closed when none uses it any more.
 *
 * <p>A block goes through a buffer that stays in the core's cache: measured, that is as fast as
 * mapping the file or letting the kernel copy, for which Java 17 takes a lock on the channel.
 */
final class BlocksInRam implements BlocksAtHand, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BlocksInRam.class);

  /** Open files of one load. */
  private static final int MOST_FILES = 32;

  private final ResidentBlocks index;
  private final RamCache ram;
  private final Map<Digest, Optional<FileChannel>> files = new ConcurrentHashMap<>();

  BlocksInRam(ResidentBlocks index, RamCache ram) {
    this.index = index;
    this.ram = ram;
  }

  @Override
  public boolean has(Digest hash, int length) {
    return place(hash, length).isPresent();
  }

  private Optional<Place> place(Digest hash, int length) {
    return index.find(hash, length, artifact -> file(artifact).isPresent());
  }

  private Optional<FileChannel> file(Digest artifact) {
    return files.computeIfAbsent(artifact, this::open);
  }

  private Optional<FileChannel> open(Digest artifact) {
    if (files.size() >= MOST_FILES || !ram.hold(artifact)) {
      return Optional.empty();
    }
    try {
      return Optional.of(FileChannel.open(ram.path(artifact), StandardOpenOption.READ));
    } catch (IOException e) {
      LOG.warn("{} in RAM cannot be opened: nothing is taken from it", artifact, e);
      ram.unhold(artifact, false);
      return Optional.empty();
    }
  }

  @Override
  public boolean read(Digest hash, ByteBuffer target) {
    Optional<Place> place = place(hash, target.remaining());
    Optional<FileChannel> file = place.flatMap(at -> file(at.artifact()));
    if (file.isEmpty()) {
      return false;
    }
    try {
      return readFully(file.get(), place.get().offset(), target);
    } catch (IOException e) {
      LOG.warn("{} in RAM cannot be read", place.get().artifact(), e);
      return false;
    }
  }

  private static boolean readFully(FileChannel file, long offset, ByteBuffer target)
      throws IOException {
    int start = target.position();
    while (target.hasRemaining()) {
      if (file.read(target, offset + target.position() - start) < 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    files.forEach(this::letGo);
    files.clear();
  }

  private void letGo(Digest artifact, Optional<FileChannel> file) {
    if (file.isEmpty()) {
      return;
    }
    try {
      file.get().close();
    } catch (IOException e) {
      LOG.debug("closing {}", artifact, e);
    }
    ram.unhold(artifact, false);
  }
}
