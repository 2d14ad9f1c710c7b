package dev.larder.store.ingest;

import dev.larder.api.Digest;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.index.BlockList;
import dev.larder.store.read.Base;
import dev.larder.store.read.BlockReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Tells which blocks of a predecessor hold the bytes of a new block, however they have been moved:
 * what re-exports do with the tensors of a model. Anchors are places that the bytes before them
 * choose, about as many in each stretch of the same length; two blocks with the same anchor most
 * likely have the same bytes there (U. Manber, Finding Similar Files in a Large File System, USENIX
 * 1994; the rolling hash is Gear, as in FastCDC). Immutable once made.
 */
final class Anchors {

  /** Of no longer predecessor are the blocks read for this. */
  static final int MOST_BYTES = 64 << 20;

  private static final int MOST_ANCHORS = 16 << 10;
  private static final int SLOTS_LOG = 15;

  /** An anchor depends on so many bytes: what the low bits of the rolling hash go back to. */
  private static final int REACH = 64;

  /** Bytes in common that make up for the hash of a base and for reading it. */
  private static final int WORTHWHILE_BYTES = 1 << 10;

  /** So much of a new block lies in the blocks found, or it is not worth to try. */
  private static final int LEAST_SHARE = 8;

  private static final int MOST_REFERENCE_BYTES = 1 << 20;
  private static final long[] GEAR = new SplittableRandom(0x6172_6465L).longs(256).toArray();

  private final List<Digest> blocks;
  private final int[] lengths;
  private final int rarity;
  private final int[] keys = new int[1 << SLOTS_LOG];
  private final short[] holders = new short[1 << SLOTS_LOG];
  private int count;

  private Anchors(List<Digest> blocks, int rarity) {
    this.blocks = blocks;
    this.lengths = new int[blocks.size()];
    this.rarity = rarity;
  }

  /** Reads a predecessor's blocks, or what they stand on. */
  static Anchors of(BlockList predecessor, BlockReader reader, BlockReader.Bases bases) {
    Set<Digest> standing = new LinkedHashSet<>();
    for (int i = 0; i < predecessor.size() && standing.size() < Short.MAX_VALUE; i++) {
      standing.addAll(reader.basesOf(predecessor.hash(i)));
    }
    int rarity = 6;
    while (predecessor.bytes() >> rarity > MOST_ANCHORS / 2) {
      rarity++;
    }
    Anchors anchors = new Anchors(List.copyOf(standing), rarity);
    for (int i = 0; i < anchors.blocks.size(); i++) {
      Base base = bases.read(List.of(anchors.blocks.get(i)));
      if (base != null) {
        anchors.add(base.plain(), (short) i);
      }
    }
    return anchors;
  }

  private interface Taker {
    void anchor(int key);
  }

  private void forEach(ByteBuffer bytes, Taker taker) {
    long hash = 0;
    int start = bytes.position();
    for (int at = start; at < bytes.limit(); at++) {
      hash = (hash << 1) + GEAR[bytes.get(at) & 0xFF];
      if (hash >>> Long.SIZE - rarity == 0 && at - start >= REACH) {
        taker.anchor((int) hash | 1);
      }
    }
  }

  private void add(ByteBuffer bytes, short holder) {
    lengths[holder] = bytes.remaining();
    forEach(
        bytes,
        key -> {
          int slot = slot(key);
          if (keys[slot] == 0 && count < MOST_ANCHORS) {
            keys[slot] = key;
            holders[slot] = holder;
            count++;
          }
        });
  }

  /** Where a key is, or would be. */
  private int slot(int key) {
    int slot = key * 0x9E37_79B1 >>> Integer.SIZE - SLOTS_LOG;
    while (keys[slot] != 0 && keys[slot] != key) {
      slot = slot + 1 & keys.length - 1;
    }
    return slot;
  }

  /**
   * The blocks that together have most in common with a new one, in their order; empty if that is
   * not much.
   */
  List<Digest> inCommonWith(ByteBuffer block) {
    int[] shared = new int[blocks.size()];
    forEach(
        block,
        key -> {
          int slot = slot(key);
          if (keys[slot] == key) {
            shared[holders[slot]]++;
          }
        });
    List<Integer> best = new ArrayList<>();
    for (int i = 0; i < shared.length; i++) {
      if ((long) shared[i] << rarity >= WORTHWHILE_BYTES) {
        best.add(i);
      }
    }
    best.sort(Comparator.comparingInt(i -> -shared[i]));
    long bytes = 0;
    long sharedBytes = 0;
    List<Integer> chosen = new ArrayList<>();
    for (int i : best) {
      if (chosen.size() < StoredBlock.MOST_BASES && bytes + lengths[i] <= MOST_REFERENCE_BYTES) {
        chosen.add(i);
        bytes += lengths[i];
        sharedBytes += (long) shared[i] << rarity;
      }
    }
    chosen.sort(null);
    return sharedBytes < block.remaining() / LEAST_SHARE
        ? List.of()
        : chosen.stream().map(blocks::get).toList();
  }
}
