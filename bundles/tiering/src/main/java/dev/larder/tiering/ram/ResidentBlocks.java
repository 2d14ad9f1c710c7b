package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import dev.larder.store.Manifest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where the blocks of artifacts lie that have been loaded into the RAM cache, so that a load copies
 * what its siblings hold. Content decides, whatever they are called.
 *
 * <p>An artifact is named by its content: what is noted of one is true for ever, and whether it is
 * still resident is found out when it is held. So nothing has to be told of an eviction. What is
 * not resident any more goes when room is needed, and then what was loaded longest ago.
 *
 * <p>A hash table with linear probing in one array: the whole hash, so that no manifest is read to
 * confirm a find. 48 bytes an entry, 6 MiB at the most, enough for 6 GiB of blocks of 64 KiB. The
 * same block may be noted of several artifacts. Any thread.
 */
public final class ResidentBlocks {

  /** What is smaller is read from its tier at once. */
  private static final long SMALLEST_ARTIFACT = 256 << 10;

  private static final int MOST_ARTIFACTS = 4096;
  private static final int MOST_SLOTS = 1 << 17;
  private static final int FEWEST_SLOTS = 1 << 10;
  private static final int ENTRY = 6; // longs: the hash, then
  private static final int WHAT_AT = 4; // number of the artifact and length; 0 if the slot is free
  private static final int OFFSET_AT = 5;

  /** So many artifacts are noted that hold the same block: those that were loaded first. */
  private static final int MOST_COPIES = 8;

  private final int mostSlots;
  private final Predicate<Digest> resident;
  private final Map<Digest, Integer> artifacts = new LinkedHashMap<>(); // loaded first to last
  private final List<Digest> numbered = new ArrayList<>(); // from 1 on
  private final BitSet numbers = new BitSet();
  private long[] table;
  private int slots = FEWEST_SLOTS;
  private int used;

  /**
   * Nothing yet.
   *
   * @param resident whether an artifact is in the RAM cache
   */
  public ResidentBlocks(Predicate<Digest> resident) {
    this(resident, MOST_SLOTS);
  }

  ResidentBlocks(Predicate<Digest> resident, int mostSlots) {
    this.resident = resident;
    this.mostSlots = mostSlots;
    this.table = new long[slots * ENTRY];
  }

  /**
   * Where a block lies.
   *
   * @param artifact in whose file
   * @param offset of its first byte there
   */
  public record Place(Digest artifact, long offset) {}

  /** Notes the blocks of an artifact, as far as there is room for them. */
  public synchronized void add(Manifest manifest) {
    if (manifest.size() < SMALLEST_ARTIFACT) {
      return;
    }
    Integer known = artifacts.remove(manifest.digest());
    if (known != null) {
      artifacts.put(manifest.digest(), known); // it is now the one that was loaded last
      return;
    }
    if (artifacts.size() == MOST_ARTIFACTS || !hasRoom(manifest.blocks())) {
      makeRoom(manifest.blocks());
    }
    int number = numbers.nextClearBit(1);
    numbers.set(number);
    artifacts.put(manifest.digest(), number);
    while (numbered.size() <= number) {
      numbered.add(manifest.digest());
    }
    numbered.set(number, manifest.digest());
    for (int i = 0; i < manifest.blocks() && hasRoom(1); i++) {
      if ((used + 1) * 4L > slots * 3L) {
        grow();
      }
      insert(manifest.block(i), number, manifest.blockLength(i), manifest.blockOffset(i));
    }
  }

  private boolean hasRoom(int blocks) {
    return (used + (long) blocks) * 4 <= mostSlots * 3L;
  }

  /**
   * Finds a block of an artifact that can be used.
   *
   * @param usable asked in turn for those that hold it; it must not come back to this index
   */
  public synchronized Optional<Place> find(Digest hash, int length, Predicate<Digest> usable) {
    for (int slot = home(hash); artifactAt(slot) != 0; slot = next(slot)) {
      if (matches(slot, hash) && (int) table[slot * ENTRY + WHAT_AT] == length) {
        Digest artifact = numbered.get(artifactAt(slot));
        if (usable.test(artifact)) {
          return Optional.of(new Place(artifact, table[slot * ENTRY + OFFSET_AT]));
        }
      }
    }
    return Optional.empty();
  }

  private void insert(Digest hash, int number, int length, long offset) {
    int slot = home(hash);
    int copies = 0;
    while (artifactAt(slot) != 0) {
      if (matches(slot, hash)) {
        copies++;
        if (artifactAt(slot) == number || copies == MOST_COPIES) {
          return;
        }
      }
      slot = next(slot);
    }
    int at = slot * ENTRY;
    table[at] = hash.a();
    table[at + 1] = hash.b();
    table[at + 2] = hash.c();
    table[at + 3] = hash.d();
    table[at + WHAT_AT] = (long) number << 32 | length;
    table[at + OFFSET_AT] = offset;
    used++;
  }

  private void grow() {
    long[] before = table;
    slots *= 2;
    table = new long[slots * ENTRY];
    for (int at = 0; at < before.length; at += ENTRY) {
      if (before[at + WHAT_AT] != 0) {
        System.arraycopy(before, at, table, freeFrom(home(before[at])) * ENTRY, ENTRY);
      }
    }
  }

  /** Forgets what is not resident, and if that is not enough, the half that was loaded first. */
  private void makeRoom(int blocks) {
    forget(List.copyOf(artifacts.keySet()).stream().filter(resident.negate()).toList());
    if (artifacts.size() == MOST_ARTIFACTS || !hasRoom(blocks)) {
      List<Digest> all = List.copyOf(artifacts.keySet());
      forget(all.subList(0, (all.size() + 1) / 2));
    }
  }

  private void forget(List<Digest> gone) {
    BitSet dead = new BitSet();
    for (Digest digest : gone) {
      Integer number = artifacts.remove(digest);
      if (number != null) {
        dead.set(number);
      }
    }
    numbers.andNot(dead);
    sweep(dead);
  }

  /**
   * Takes out what is dead. Begun behind a free slot, each entry that stays finds its place again
   * at or before the one that it had.
   */
  private void sweep(BitSet dead) {
    int free = 0;
    while (artifactAt(free) != 0) {
      free++;
    }
    for (int slot = next(free); slot != free; slot = next(slot)) {
      long what = table[slot * ENTRY + WHAT_AT];
      if (what == 0) {
        continue;
      }
      table[slot * ENTRY + WHAT_AT] = 0;
      if (dead.get((int) (what >>> 32))) {
        used--;
      } else {
        int to = freeFrom(home(table[slot * ENTRY])) * ENTRY;
        System.arraycopy(table, slot * ENTRY, table, to, ENTRY);
        table[to + WHAT_AT] = what;
      }
    }
  }

  private int freeFrom(int home) {
    int slot = home;
    while (artifactAt(slot) != 0) {
      slot = next(slot);
    }
    return slot;
  }

  private int artifactAt(int slot) {
    return (int) (table[slot * ENTRY + WHAT_AT] >>> 32);
  }

  private boolean matches(int slot, Digest hash) {
    int at = slot * ENTRY;
    return table[at] == hash.a()
        && table[at + 1] == hash.b()
        && table[at + 2] == hash.c()
        && table[at + 3] == hash.d();
  }

  private int home(Digest hash) {
    return home(hash.a());
  }

  private int home(long firstHashBytes) {
    return (int) firstHashBytes & (slots - 1);
  }

  private int next(int slot) {
    return (slot + 1) & (slots - 1);
  }
}
