package dev.larder.store.ingest;

import dev.larder.api.Digest;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.index.BlockList;
import dev.larder.store.read.Base;
import dev.larder.store.read.BlockReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells which blocks of a predecessor hold the bytes of a new block, however they have been moved:
 * what re-exports do with the tensors of a model, and they change the numbers a little, too.
 * Anchors are places that the bytes there choose, about as many in each stretch of the same length;
 * two blocks with the same anchor most likely have similar bytes around it (U. Manber, Finding
 * Similar Files in a Large File System, USENIX 1994). Immutable once made.
 */
final class Anchors {

  /** Of no longer predecessor are the blocks read for this. */
  static final int MOST_BYTES = 64 << 20;

  /** As few bytes as are hardly the same by chance, so that a change nearby does no harm. */
  private static final int ANCHOR_BYTES = 5;

  private static final long ANCHOR_MASK = (1L << 8 * ANCHOR_BYTES) - 1;

  /**
   * One place of eight: of 16 KiB of which every third byte is as it was, eight anchors are found.
   */
  private static final int LEAST_RARITY = 3;

  /** So many in common are no chance. */
  private static final int LEAST_COMMON = 2;

  /** A base has so much of what the best one has, or its hash and reading it are not worth it. */
  private static final int LEAST_SHARE = 32;

  private static final int MOST_REFERENCE_BYTES = 1 << 20;
  private static final short AMBIGUOUS = -1;

  /** The golden ratio, which spreads bytes over the table (Knuth, TAOCP 6.4). */
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  private final List<Digest> blocks;
  private final int[] lengths;
  private final int rarity;
  private final int most;
  private final int slotsLog;
  private final int[] keys;
  private final short[] holders;
  private int count;

  private Anchors(List<Digest> blocks, int most, int rarity) {
    this.blocks = blocks;
    this.lengths = new int[blocks.size()];
    this.rarity = rarity;
    this.most = most;
    this.slotsLog = Integer.SIZE - Integer.numberOfLeadingZeros(2 * most - 1);
    this.keys = new int[1 << slotsLog];
    this.holders = new short[1 << slotsLog];
  }

  /** Anchors that would be of use for a predecessor; each takes up to 24 bytes of memory. */
  static int wanted(long predecessorBytes) {
    return (int) Math.max(64, predecessorBytes >> LEAST_RARITY);
  }

  /**
   * Reads a predecessor's blocks, or what they stand on.
   *
   * @param most anchors, at least 64
   */
  static Anchors of(BlockList predecessor, int most, BlockReader reader, BlockReader.Bases bases) {
    Set<Digest> standing = new LinkedHashSet<>();
    for (int i = 0; i < predecessor.size() && standing.size() < Short.MAX_VALUE; i++) {
      standing.addAll(reader.standing().basesOf(predecessor.hash(i)));
    }
    int rarity = LEAST_RARITY;
    while (predecessor.bytes() >> rarity > most) {
      rarity++;
    }
    Anchors anchors = new Anchors(List.copyOf(standing), most, rarity);
    for (int i = 0; i < anchors.blocks.size(); i++) {
      Base base = bases.read(List.of(anchors.blocks.get(i)));
      if (base != null) {
        anchors.add(base.plain(), (short) i);
      }
    }
    return anchors;
  }

  private interface Taker {
    void anchor(long hash);
  }

  private void forEach(ByteBuffer bytes, Taker taker) {
    ByteBuffer view = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (int at = view.position(); at + Long.BYTES <= view.limit(); at++) {
      long hash = (view.getLong(at) & ANCHOR_MASK) * SPREAD;
      if (hash >>> Long.SIZE - rarity == 0) {
        taker.anchor(hash << rarity);
      }
    }
  }

  private void add(ByteBuffer bytes, short holder) {
    lengths[holder] = bytes.remaining();
    forEach(
        bytes,
        hash -> {
          int slot = slot(hash);
          if (keys[slot] == key(hash)) {
            holders[slot] = holders[slot] == holder ? holder : AMBIGUOUS;
          } else if (count < most) {
            keys[slot] = key(hash);
            holders[slot] = holder;
            count++;
          }
        });
  }

  private static int key(long hash) {
    return (int) (hash >>> Integer.SIZE) | 1;
  }

  /** Where an anchor is, or would be. */
  private int slot(long hash) {
    int slot = (int) (hash >>> Long.SIZE - slotsLog);
    while (keys[slot] != 0 && keys[slot] != key(hash)) {
      slot = slot + 1 & keys.length - 1;
    }
    return slot;
  }

  /** The blocks that together have most in common with a new one, in their order. */
  List<Digest> inCommonWith(ByteBuffer block) {
    int[] common = new int[blocks.size()];
    forEach(
        block,
        hash -> {
          int slot = slot(hash);
          if (keys[slot] == key(hash) && holders[slot] != AMBIGUOUS) {
            common[holders[slot]]++;
          }
        });
    List<Integer> best = new ArrayList<>();
    for (int i = 0; i < common.length; i++) {
      if (common[i] >= LEAST_COMMON) {
        best.add(i);
      }
    }
    best.sort(Comparator.comparingInt(i -> -common[i]));
    long bytes = 0;
    List<Integer> chosen = new ArrayList<>();
    for (int i : best) {
      if (chosen.size() < StoredBlock.MOST_BASES
          && bytes + lengths[i] <= MOST_REFERENCE_BYTES
          && common[i] > common[best.get(0)] / LEAST_SHARE) {
        chosen.add(i);
        bytes += lengths[i];
      }
    }
    chosen.sort(null);
    return chosen.stream().map(blocks::get).toList();
  }
}
