package dev.larder.store.ingest;

import dev.larder.store.index.BlockList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The block lists of artifacts that are being taken in, or are staged: what a collection must not
 * touch although no manifest names it. Guarded by the lock of the append stream.
 */
public final class InFlight {

  private final Set<BlockList> lists = Collections.newSetFromMap(new IdentityHashMap<>());

  void add(BlockList list) {
    lists.add(list);
  }

  void remove(BlockList list) {
    lists.remove(list);
  }

  /** All of them. */
  public Set<BlockList> lists() {
    return lists;
  }
}
