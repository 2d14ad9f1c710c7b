package dev.larder.store.read;

import dev.larder.api.Digest;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Lane;
import dev.larder.store.format.StoredBlock;
import dev.larder.store.index.BlockLocation;
import dev.larder.store.index.BlockTable;
import dev.larder.store.pack.PackFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which blocks of a volume stand on which: deltas on bases, and some of both on dictionaries. */
public final class Standing {

  private static final Logger LOG = LoggerFactory.getLogger(Standing.class);
  private static final int MOST_LOOKED_AT = 32;

  private final PackFiles files;
  private final BlockTable table;

  Standing(PackFiles files, BlockTable table) {
    this.files = files;
    this.table = table;
  }

  /**
   * The blocks without which one is nothing: those with whose hashes its stored form begins, and
   * the dictionaries of these.
   */
  List<Digest> standsOn(BlockLocation location) throws IOException {
    List<Digest> all = new ArrayList<>(directly(location));
    for (Digest base : List.copyOf(all)) {
      BlockLocation at = table.find(base);
      if (at != null && at.form().hasDictionary() && at.form().standsAlone()) {
        all.addAll(directly(at));
      }
    }
    return all;
  }

  private List<Digest> directly(BlockLocation location) throws IOException {
    ByteBuffer prefix = ByteBuffer.allocate(location.form().prefixBytes());
    if (prefix.hasRemaining()) {
      try (PackFiles.Lease lease = files.lease(location.pack())) {
        lease.read(Lane.PUT, prefix, location.offset(), Cancellation.NEVER);
      }
    }
    return hashes(prefix.flip(), prefix.limit() / Digest.LENGTH);
  }

  /** The first hashes that a stored form begins with. */
  static List<Digest> hashes(ByteBuffer prefix, int count) {
    List<Digest> hashes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      hashes.add(Digest.read(prefix));
    }
    return hashes;
  }

  /** Whether the blocks are in the volume that a checked stored form begins with the hashes of. */
  boolean isFounded(StoredBlock form, ByteBuffer stored) {
    ByteBuffer prefix = stored.slice(0, form.prefixBytes());
    return hashes(prefix, form.prefixBytes() / Digest.LENGTH).stream().allMatch(this::mayBeStoodOn);
  }

  private boolean mayBeStoodOn(Digest block) {
    BlockLocation location = table.find(block);
    return location != null && location.form().standsAlone();
  }

  /** Whether a block is here, not known to be bad, and no delta. */
  boolean standsAlone(Digest block) {
    BlockLocation location = table.usable(block) ? table.find(block) : null;
    return location != null && location.form().standsAlone();
  }

  /**
   * The blocks that a block offers as bases: itself, or if it is a delta, what it stands on, for a
   * base is never a delta.
   *
   * @return empty if they are not all here, or not fit to be stood on
   */
  public List<Digest> basesOf(Digest block) {
    BlockLocation location = table.usable(block) ? table.find(block) : null;
    if (location == null) {
      return List.of();
    }
    if (location.form().standsAlone()) {
      return List.of(block);
    }
    List<Digest> all = under(location);
    return all.isEmpty() ? all : all.subList(0, location.form().bases());
  }

  /**
   * All that a block of this volume stands on: its bases first.
   *
   * @return empty if that is not here, or not fit to be stood on
   */
  public List<Digest> under(BlockLocation delta) {
    try {
      List<Digest> all = standsOn(delta);
      return all.stream().allMatch(this::standsAlone) ? all : List.of();
    } catch (IOException e) {
      LOG.debug("what a delta at {} stands on cannot be read", delta, e);
      return List.of();
    }
  }

  /** Blocks that are no deltas, and their dictionaries. */
  List<Digest> withDictionaries(List<Digest> blocks) throws IOException {
    List<Digest> all = new ArrayList<>(blocks);
    for (Digest block : blocks) {
      BlockLocation location = table.find(block);
      if (location != null && location.form().hasDictionary()) {
        all.addAll(directly(location));
      }
    }
    return all;
  }

  /** Dictionaries that blocks of this volume have been written with, some of the newest. */
  public List<Digest> dictionaries() {
    List<BlockLocation> users = new ArrayList<>();
    table.forEach(
        (hash, location) -> {
          if (location.form().hasDictionary() && location.form().standsAlone()) {
            users.add(location);
          }
        });
    users.sort(Comparator.comparingInt(BlockLocation::pack).reversed());
    Set<Digest> found = new LinkedHashSet<>();
    int step = Math.max(1, users.size() / MOST_LOOKED_AT);
    try {
      for (int i = 0; i < users.size(); i += step) {
        found.addAll(directly(users.get(i)));
      }
    } catch (IOException e) {
      LOG.debug("not all dictionaries are found", e);
    }
    return List.copyOf(found);
  }
}
