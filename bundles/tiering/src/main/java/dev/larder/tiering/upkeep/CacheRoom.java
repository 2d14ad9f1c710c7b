package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.api.Events;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Change;
import dev.larder.store.Stamps;
import dev.larder.tiering.names.Namespace;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.work.EventSink;
import dev.larder.tiering.work.Journal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes room on cache tiers: drops the copies that were unused for the longest time, and collects.
 */
public final class CacheRoom {

  /** What is dropped at once is at least this part of the tier: collections copy what they keep. */
  private static final int LEAST_SHARE = 16;

  private static final int ROUNDS = 3;
  private static final int DROPS_A_COMMIT = 256;

  private final Namespace names;
  private final Journal journal;
  private final Collector collector;
  private final Stamps stamps;
  private final Usage usage;
  private final RamCache ram;
  private final EventSink events;

  /** Of all cache tiers. */
  public CacheRoom(
      Namespace names,
      Journal journal,
      Collector collector,
      Stamps stamps,
      Usage usage,
      RamCache ram,
      EventSink events) {
    this.names = names;
    this.journal = journal;
    this.collector = collector;
    this.stamps = stamps;
    this.usage = usage;
    this.ram = ram;
    this.events = events;
  }

  /**
   * Makes room, or drops nothing if what may go is not enough.
   *
   * @param bytes that are wanted
   * @param before only what was not used since then may go, in monotonic nanoseconds
   * @return whether there is room
   */
  boolean make(TierUse cache, long bytes, long before, Cancellation cancellation)
      throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      long missing = bytes - cache.volume().freeForPuts();
      if (missing <= 0) {
        return true;
      }
      if (!drop(cache, missing, before)) {
        return false;
      }
      collector.collect(cache, cancellation);
    }
    return bytes <= cache.volume().freeForPuts();
  }

  private boolean drop(TierUse cache, long missing, long before) throws IOException {
    long atOnce = Math.max(missing, cache.volume().medium().capacity().totalBytes() / LEAST_SHARE);
    List<ArtifactEntry> victims = new ArrayList<>();
    long freed = 0;
    for (Usage.Used used : candidates(cache)) {
      boolean mayGo = used.lastNanos() == Long.MIN_VALUE || used.lastNanos() - before < 0;
      if (freed >= atOnce || !mayGo) {
        break;
      }
      victims.add(used.replica());
      freed += used.replica().storedBytes();
    }
    if (freed < missing) {
      return false;
    }
    for (int i = 0; i < victims.size(); i += DROPS_A_COMMIT) {
      drop(cache, victims.subList(i, Math.min(victims.size(), i + DROPS_A_COMMIT)));
    }
    return true;
  }

  /** First what nothing refers to any more. */
  private List<Usage.Used> candidates(TierUse cache) {
    Set<Digest> kept = names.keptArtifacts();
    List<Usage.Used> all = new ArrayList<>();
    List<Usage.Used> needed = new ArrayList<>();
    usage
        .longestUnusedFirst(
            cache.volume().artifacts().stream().filter(entry -> !ram.isLeased(entry.digest())))
        .forEach(
            used -> {
              if (kept.contains(used.replica().digest())) {
                needed.add(used);
              } else {
                all.add(new Usage.Used(used.replica(), Long.MIN_VALUE));
              }
            });
    all.addAll(needed);
    return all;
  }

  private void drop(TierUse cache, List<ArtifactEntry> victims) throws IOException {
    List<Change> drops = new ArrayList<>();
    victims.forEach(victim -> drops.add(new Change.Drop(victim.digest(), stamps.next())));
    journal.commit(cache, drops);
    for (ArtifactEntry victim : victims) {
      events.post(
          Events.UNCACHED,
          Map.of(
              Events.DIGEST, victim.digest().toString(),
              Events.SIZE, victim.size(),
              Events.TIER, cache.tier().name()));
    }
  }
}
