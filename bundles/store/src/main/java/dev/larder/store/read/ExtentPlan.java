package dev.larder.store.read;

import dev.larder.api.Digest;
import dev.larder.store.BlocksAtHand;
import dev.larder.store.Manifest;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.pack.VolumeErrors;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plans a read: blocks that are at hand apart, the others in pack order, neighbours merged into
 * extents. A few thousand blocks are planned at a time, so memory does not grow with the artifact.
 * Thread-safe.
 */
final class ExtentPlan {

  private static final int BLOCKS_AT_ONCE = 4096;

  /** So many go to one thread at once. */
  private static final int MOST_AT_HAND = 16;

  /** It is quicker to read over a gap than to start anew. */
  private static final int MOST_GAP = 64 << 10;

  private static final Comparator<Piece> PACK_ORDER =
      Comparator.comparingInt(Piece::pack)
          .thenComparingInt(Piece::start)
          .thenComparingLong(Piece::target);

  private final Manifest manifest;
  private final long offset;
  private final long end;
  private final BlocksAtHand atHand;
  private final BlockTable table;
  private final VolumeErrors errors;
  private final int extentBytes;
  private final ArrayDeque<Portion> toRead = new ArrayDeque<>();
  private final ArrayDeque<Portion> toCopy = new ArrayDeque<>();
  private int waiting; // pieces in both
  private int nextBlock;

  ExtentPlan(
      Manifest manifest,
      long offset,
      long length,
      BlocksAtHand atHand,
      BlockTable table,
      VolumeErrors errors,
      int extentBytes) {
    this.manifest = manifest;
    this.offset = offset;
    this.end = offset + length;
    this.atHand = atHand;
    this.table = table;
    this.errors = errors;
    this.extentBytes = extentBytes;
    this.nextBlock = length == 0 ? manifest.blocks() : blockAt(manifest, offset);
  }

  /** The block that holds a byte of an artifact. */
  static int blockAt(Manifest manifest, long offset) {
    int low = 0;
    int high = manifest.blocks() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (manifest.blockOffset(middle) + manifest.blockLength(middle) > offset) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /**
   * The next portion; null at the end.
   *
   * @param copyFirst whether it should rather be one that is at hand
   */
  synchronized @Nullable Portion next(boolean copyFirst) throws IOException {
    ArrayDeque<Portion> rather = copyFirst ? toCopy : toRead;
    while (rather.isEmpty() && waiting < BLOCKS_AT_ONCE && hasMore()) {
      planMore();
    }
    Portion next = rather.poll();
    if (next == null) {
      next = copyFirst ? toRead.poll() : toCopy.poll();
    }
    if (next != null) {
      waiting -= next.pieces().size();
    }
    return next;
  }

  private boolean hasMore() {
    return nextBlock < manifest.blocks() && manifest.blockOffset(nextBlock) < end;
  }

  private void planMore() throws IOException {
    List<Piece> read = new ArrayList<>();
    List<Piece> copy = new ArrayList<>();
    for (int i = 0; i < BLOCKS_AT_ONCE && hasMore(); i++) {
      Piece piece = piece(nextBlock++);
      boolean isAtHand = atHand.has(piece.hash(), piece.location().form().raw());
      (isAtHand ? copy : read).add(piece);
    }
    waiting += read.size() + copy.size();
    toRead.addAll(merge(read, extentBytes));
    for (int from = 0; from < copy.size(); from += MOST_AT_HAND) {
      int to = Math.min(copy.size(), from + MOST_AT_HAND);
      toCopy.add(new Portion.AtHand(List.copyOf(copy.subList(from, to))));
    }
  }

  private Piece piece(int index) throws IOException {
    Digest hash = manifest.block(index);
    int length = manifest.blockLength(index);
    long start = manifest.blockOffset(index);
    BlockLocation location = table.find(hash);
    if (location == null) {
      throw errors.corrupt(manifest.digest(), hash, "it is not there");
    }
    if (location.form().raw() != length) {
      throw errors.corrupt(manifest.digest(), hash, "it has another length than the manifest says");
    }
    int from = (int) Math.max(0, offset - start);
    int to = (int) Math.min(length, end - start);
    return new Piece(hash, location, from, to, start + from);
  }

  /** Sorts pieces by place and merges neighbours. */
  static List<Extent> merge(List<Piece> pieces, int extentBytes) {
    List<Extent> extents = new ArrayList<>();
    List<Piece> current = new ArrayList<>();
    pieces.sort(PACK_ORDER);
    for (Piece piece : pieces) {
      if (!current.isEmpty() && !fits(current, piece, extentBytes)) {
        extents.add(Extent.of(current));
        current = new ArrayList<>();
      }
      current.add(piece);
    }
    if (!current.isEmpty()) {
      extents.add(Extent.of(current));
    }
    return extents;
  }

  private static boolean fits(List<Piece> current, Piece piece, int extentBytes) {
    Piece first = current.get(0);
    Piece last = current.get(current.size() - 1);
    return piece.pack() == first.pack()
        && piece.start() - last.end() <= MOST_GAP
        && piece.end() - first.start() <= extentBytes;
  }
}
