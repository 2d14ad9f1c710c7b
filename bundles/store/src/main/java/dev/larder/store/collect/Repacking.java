package dev.larder.store.collect;

import dev.larder.api.Digest;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Lane;
import dev.larder.store.format.Checksum;
import dev.larder.store.format.CommitRecord;
import dev.larder.store.format.Layout;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.pack.PackFiles;
import dev.larder.store.pack.PackGoneException;
import dev.larder.store.read.PackBlocks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restores the locality that deduplication has cost: copies the blocks of an artifact that lie
 * scattered to the end of the stream, in the artifact's order. For one thread, under the
 * collector's lock.
 *
 * <p>Of the artifacts that share a block the newest one decides where it lies, so a second pass
 * finds nothing to do.
 */
final class Repacking {

  private static final Logger LOG = LoggerFactory.getLogger(Repacking.class);

  /** Fewer extents than this are quick enough to read on any medium. */
  private static final int FEWEST_EXTENTS = 8;

  /** So many times more extents than needed count as scattered. */
  private static final int TOLERATED = 2;

  private static final int EXTENT_BYTES = 1 << 20;
  private static final int MOST_GAP = 64 << 10;

  private final CollectedVolume volume;
  private final BlockTable table;
  private final Relocation relocation;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(EXTENT_BYTES);

  Repacking(CollectedVolume volume, Relocation relocation) {
    this.volume = volume;
    this.table = volume.table();
    this.relocation = relocation;
  }

  private record Placed(Digest hash, BlockLocation location) {}

  /**
   * Copies what is scattered, newest artifacts first. What was copied is forced on return.
   *
   * @param mostBytes no artifact is begun after so many
   */
  void run(long mostBytes, Cancellation cancellation) throws IOException {
    List<CommitRecord.Added> newestFirst = new ArrayList<>(volume.journal().added());
    newestFirst.sort(Comparator.comparingLong(CommitRecord.Added::sequence).reversed());
    for (CommitRecord.Added added : newestFirst) {
      cancellation.check();
      List<Placed> own = new ArrayList<>();
      try {
        volume.manifests().read(added, (hash, length) -> claim(hash, own));
      } catch (PackGoneException e) {
        LOG.debug("{} was dropped meanwhile", added.artifact().digest(), e);
        continue;
      }
      long before = relocation.movedBytes();
      if (before < mostBytes && scattered(own)) {
        sealOriginals(own);
        relocation.durably(() -> copy(own, cancellation));
        LOG.info(
            "{}: {} lies together again, {} bytes copied",
            volume.errors().name(),
            added.artifact().digest(),
            relocation.movedBytes() - before);
      }
    }
  }

  private void claim(Digest hash, List<Placed> own) {
    BlockLocation location = table.claim(hash);
    if (location != null) {
      own.add(new Placed(hash, location));
    }
  }

  /** The copies go to a pack of their own, so that the one with the originals can be compacted. */
  private void sealOriginals(List<Placed> own) throws IOException {
    volume.stream().lock().lock();
    try {
      int open = volume.stream().openPack();
      if (own.stream().anyMatch(block -> block.location().pack() == open)) {
        volume.stream().seal();
      }
    } finally {
      volume.stream().lock().unlock();
    }
  }

  private static boolean scattered(List<Placed> blocks) {
    List<BlockLocation> places = new ArrayList<>();
    long bytes = 0;
    for (Placed block : blocks) {
      places.add(block.location());
      bytes += block.location().form().stored();
    }
    places.sort(
        Comparator.comparingInt(BlockLocation::pack).thenComparingInt(BlockLocation::offset));
    long extents = 0;
    BlockLocation last = null;
    int start = 0;
    for (BlockLocation place : places) {
      int end = place.offset() + place.form().stored();
      boolean joins =
          last != null
              && place.pack() == last.pack()
              && place.offset() - last.offset() - last.form().stored() <= MOST_GAP
              && end - start <= EXTENT_BYTES;
      if (!joins) {
        extents++;
        start = place.offset();
      }
      last = place;
    }
    long needed = (bytes + EXTENT_BYTES - 1) / EXTENT_BYTES;
    return extents >= FEWEST_EXTENTS && extents > TOLERATED * needed;
  }

  private void copy(List<Placed> blocks, Cancellation cancellation) throws IOException {
    int from = 0;
    while (from < blocks.size()) {
      cancellation.check();
      int bytes = 0;
      int to = from;
      while (to < blocks.size()
          && to - from < Layout.MAX_RUN_BLOCKS
          && (to == from || bytes + stored(blocks.get(to)) <= EXTENT_BYTES)) {
        bytes += stored(blocks.get(to));
        to++;
      }
      relocation.copy(load(blocks.subList(from, to), bytes, cancellation));
      from = to;
    }
  }

  private static int stored(Placed block) {
    return block.location().form().stored();
  }

  /** What is damaged, or gone, is left where it is. */
  private List<PackBlocks.Loaded> load(List<Placed> blocks, int bytes, Cancellation cancellation)
      throws IOException {
    ByteBuffer all = bytes <= EXTENT_BYTES ? buffer : ByteBuffer.allocateDirect(bytes);
    List<PackBlocks.Loaded> loaded = new ArrayList<>();
    int at = 0;
    for (Placed block : blocks) {
      ByteBuffer stored = all.slice(at, stored(block));
      at += stored(block);
      try (PackFiles.Lease lease = volume.files().lease(block.location().pack())) {
        lease.read(Lane.MIGRATION, stored, block.location().offset(), cancellation);
      } catch (PackGoneException e) {
        LOG.debug("{} was swept meanwhile", block.hash(), e);
        continue;
      }
      if (Checksum.of(stored.flip()) == block.location().form().crc()) {
        loaded.add(new PackBlocks.Loaded(block.hash(), block.location(), stored));
      } else {
        volume.damage().block(block.hash(), block.location());
      }
    }
    return loaded;
  }
}
