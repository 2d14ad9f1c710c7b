package dev.larder.store.read;

import dev.larder.api.Digest;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.BlockSink;
import dev.larder.store.BlocksAtHand;
import dev.larder.store.Lane;
import dev.larder.store.ReadFigures;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.io.MediumHungException;
import dev.larder.store.pack.PackFiles;
import dev.larder.store.pack.PackGoneException;
import dev.larder.store.pack.VolumeErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads extents: from the medium, checked, decoded, to the sink; copies what is at hand.
 * Thread-safe.
 */
final class ExtentReader {

  /** A block is moved at most this often while it is being looked for. */
  static final int MOST_MOVES = 8;

  private final PackFiles files;
  private final BlockTable table;
  private final BlockReader blocks;
  private final VolumeErrors errors;
  private final ReadSlots foreground;

  /** So that who waits for an artifact waits for no buffer of who does not. */
  private final ReadSlots background = new ReadSlots(1);

  ExtentReader(
      PackFiles files,
      BlockTable table,
      BlockReader blocks,
      VolumeErrors errors,
      ReadSlots foreground) {
    this.files = files;
    this.table = table;
    this.blocks = blocks;
    this.errors = errors;
    this.foreground = foreground;
  }

  /** What an extent is read for. */
  record Purpose(
      Digest artifact,
      BlocksAtHand atHand,
      BlockSink sink,
      Cancellation cancellation,
      Lane lane,
      int alignment,
      int extentBytes) {}

  /** Reads an extent, or copies what is at hand. */
  ReadFigures read(Portion portion, Purpose purpose) throws IOException {
    ReadSlots slots = purpose.lane().compareTo(Lane.PUT) > 0 ? background : foreground;
    ReadSlots.Slot slot = slots.acquire(purpose.lane());
    boolean hangs = false;
    try {
      ReadFigures done =
          portion instanceof Extent extent
              ? new ReadFigures(read(extent, purpose, slot, 0), 0)
              : copy(portion.pieces(), purpose, slot);
      return done.plus(new ReadFigures(slot.takeBasesRead(), 0));
    } catch (MediumHungException e) {
      hangs = true; // and may write into the slot's buffers at any time
      throw e;
    } finally {
      if (hangs) {
        slots.discard();
      } else {
        slots.release(slot);
      }
    }
  }

  private ReadFigures copy(List<Piece> pieces, Purpose purpose, ReadSlots.Slot slot)
      throws IOException {
    List<Piece> missed = new ArrayList<>();
    long reused = 0;
    for (Piece piece : pieces) {
      purpose.cancellation().check();
      ByteBuffer block = slot.block(piece.location().form().raw());
      if (purpose.atHand().read(piece.hash(), block)) {
        int length = piece.to() - piece.from();
        purpose.sink().accept(piece.target(), block.slice(piece.from(), length));
        reused += length;
      } else {
        missed.add(piece);
      }
    }
    long read = 0;
    for (Extent extent : ExtentPlan.merge(missed, purpose.extentBytes())) {
      read += read(extent, purpose, slot, 0);
    }
    return new ReadFigures(read, reused);
  }

  private long read(Extent extent, Purpose purpose, ReadSlots.Slot slot, int moves)
      throws IOException {
    purpose.cancellation().check();
    ByteBuffer bytes;
    try {
      bytes = load(extent, purpose, slot);
    } catch (PackGoneException e) {
      if (moves == MOST_MOVES) {
        throw e;
      }
      long total = 0;
      for (Extent moved : lookUpAgain(extent, purpose)) {
        total += read(moved, purpose, slot, moves + 1);
      }
      return total;
    }
    return deliver(extent, bytes, purpose, slot, moves);
  }

  private List<Extent> lookUpAgain(Extent extent, Purpose purpose) throws IOException {
    List<Piece> pieces = new ArrayList<>();
    for (Piece piece : extent.pieces()) {
      BlockLocation location = table.find(piece.hash());
      if (location == null) {
        throw errors.notFound(purpose.artifact()); // collected meanwhile
      }
      pieces.add(piece.at(location));
    }
    return ExtentPlan.merge(pieces, purpose.extentBytes());
  }

  /** Reads an extent in whole units of the alignment, so that direct I/O is possible. */
  private ByteBuffer load(Extent extent, Purpose purpose, ReadSlots.Slot slot) throws IOException {
    int alignment = purpose.alignment();
    long start = extent.start() / alignment * (long) alignment;
    long end = (extent.end() + alignment - 1L) / alignment * alignment;
    ByteBuffer buffer = slot.extent((int) (end - start), alignment);
    int count;
    try (PackFiles.Lease lease = files.lease(extent.pack())) {
      count = lease.read(slot.lane(), buffer, start, purpose.cancellation());
    }
    int skip = (int) (extent.start() - start);
    if (count < skip + extent.bytes()) {
      Piece last = extent.pieces().get(extent.pieces().size() - 1);
      blocks.bad(last.hash(), last.location());
      throw errors.corrupt(purpose.artifact(), last.hash(), "its pack is too short");
    }
    return buffer.slice(skip, extent.bytes());
  }

  private long deliver(
      Extent extent, ByteBuffer bytes, Purpose purpose, ReadSlots.Slot slot, int moves)
      throws IOException {
    Decoding decoding = new Decoding(purpose.artifact(), purpose.atHand(), slot);
    long total = 0;
    RawStretch stretch = new RawStretch(bytes, purpose.sink());
    Piece before = null;
    for (Piece piece : extent.pieces()) {
      int at = piece.start() - extent.start();
      int length = piece.location().form().stored();
      ByteBuffer stored = bytes.slice(at, length);
      if (before == null || !before.location().samePlace(piece.location())) {
        blocks.check(purpose.artifact(), piece.hash(), piece.location(), stored);
        total += length;
      }
      before = piece;
      if (piece.raw()) {
        stretch.add(at + piece.from(), piece.to() - piece.from(), piece.target());
      } else {
        stretch.flush();
        total += decode(piece, stored, purpose, decoding, moves);
      }
    }
    stretch.flush();
    return total;
  }

  /** Returns the bytes that it took beside the stored form. */
  private long decode(Piece piece, ByteBuffer stored, Purpose purpose, Decoding decoding, int moves)
      throws IOException {
    ByteBuffer plain;
    try {
      plain = blocks.decode(decoding, piece.hash(), piece.location().form(), stored);
    } catch (BlockMovedException e) {
      if (moves == MOST_MOVES) {
        throw e;
      }
      Extent moved = lookUpAgain(Extent.of(List.of(piece)), purpose).get(0);
      ReadSlots.Slot apart =
          new ReadSlots.Slot(decoding.slot().lane()); // the extent is still in use
      long bytes = read(moved, purpose, apart, moves + 1);
      return bytes + apart.takeBasesRead();
    }
    purpose.sink().accept(piece.target(), plain.slice(piece.from(), piece.to() - piece.from()));
    return 0;
  }

  /** Raw blocks that lie together both in the pack and in the artifact go to the sink at once. */
  private static final class RawStretch {
    private final ByteBuffer bytes;
    private final BlockSink sink;
    private int start;
    private int length;
    private long target;

    RawStretch(ByteBuffer bytes, BlockSink sink) {
      this.bytes = bytes;
      this.sink = sink;
    }

    void add(int from, int count, long to) throws IOException {
      if (length > 0 && from == start + length && to == target + length) {
        length += count;
        return;
      }
      flush();
      start = from;
      length = count;
      target = to;
    }

    void flush() throws IOException {
      if (length > 0) {
        sink.accept(target, bytes.slice(start, length));
        length = 0;
      }
    }
  }
}
