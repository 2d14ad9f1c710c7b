package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.api.Events;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Change;
import dev.larder.store.Stamps;
import dev.larder.tiering.ledger.LedgerRecord;
import dev.larder.tiering.ledger.RankingTurn;
import dev.larder.tiering.names.Namespace;
import dev.larder.tiering.ram.RamCache;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.work.EventSink;
import dev.larder.tiering.work.Journal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes room on cache tiers: drops the copies that the cache policy values least, and collects.
 * Only what was not used since the candidate's use before may go, whatever the policy says: that
 * spares the flash in loops.
 */
public final class CacheRoom {

  /** What is dropped at once is at least this part of the tier: collections copy what they keep. */
  private static final int LEAST_SHARE = 16;

  private static final int ROUNDS = 3;

  /** Most copies that are dropped with one commit, and that are ranked against each other. */
  private static final int AT_ONCE = 256;

  private final Namespace names;
  private final Journal journal;
  private final Collector collector;
  private final Stamps stamps;
  private final RamCache ram;
  private final EventSink events;

  /** Of all cache tiers. */
  public CacheRoom(
      Namespace names,
      Journal journal,
      Collector collector,
      Stamps stamps,
      RamCache ram,
      EventSink events) {
    this.names = names;
    this.journal = journal;
    this.collector = collector;
    this.stamps = stamps;
    this.ram = ram;
    this.events = events;
  }

  /**
   * Makes room, or drops nothing if what may go is not enough or the policy would rather keep it.
   *
   * @param candidate what room is wanted for
   * @param before only what was not used after that tick may go
   * @return whether there is room
   */
  boolean make(
      TierUse cache,
      CacheLedger ledger,
      ArtifactEntry candidate,
      long before,
      Cancellation cancellation)
      throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      long missing = candidate.size() - cache.volume().freeForPuts();
      if (missing <= 0) {
        return true;
      }
      if (!drop(cache, ledger, candidate, before, missing)) {
        return false;
      }
      collector.collect(cache, cancellation);
    }
    return candidate.size() <= cache.volume().freeForPuts();
  }

  private boolean drop(
      TierUse cache, CacheLedger ledger, ArtifactEntry candidate, long before, long missing)
      throws IOException {
    Set<Digest> kept = names.keptArtifacts();
    Predicate<ArtifactEntry> mayGo =
        copy ->
            !ram.isLeased(copy.digest())
                && !(kept.contains(copy.digest()) && ledger.usedSince(copy.digest(), before));
    long most =
        cache.volume().artifacts().stream()
            .filter(mayGo)
            .mapToLong(ArtifactEntry::storedBytes)
            .sum();
    if (most < missing) {
      return false;
    }
    ledger.forgetResidents();
    long left = Math.max(missing, cache.volume().medium().capacity().totalBytes() / LEAST_SHARE);
    boolean admitted = false;
    while (left > 0) {
      List<ArtifactEntry> victims;
      try (RankingTurn turn = ledger.turn()) {
        victims = upTo(left, leastValuable(cache, ledger, mayGo, kept, turn));
        admitted = admitted || admits(turn, ledger, candidate, upTo(missing, victims));
        if (victims.isEmpty() || !admitted) {
          break;
        }
        tell(turn, ledger, victims);
      }
      drop(cache, ledger, victims);
      left -= victims.stream().mapToLong(ArtifactEntry::storedBytes).sum();
    }
    return admitted;
  }

  /**
   * First what nothing refers to any more, then what was never used as far as is known, then what
   * the policy values least; some of them, if there are many.
   */
  private static List<ArtifactEntry> leastValuable(
      TierUse cache,
      CacheLedger ledger,
      Predicate<ArtifactEntry> mayGo,
      Set<Digest> kept,
      RankingTurn turn) {
    List<ArtifactEntry> unneeded = new ArrayList<>();
    List<ArtifactEntry> unused = new ArrayList<>();
    Map<Long, ArtifactEntry> ranked = new HashMap<>();
    List<LedgerRecord> candidates = new ArrayList<>();
    for (ArtifactEntry copy : cache.volume().artifacts()) {
      LedgerRecord entry = new LedgerRecord();
      boolean known = ledger.see(copy, entry);
      if (!mayGo.test(copy)) {
        continue;
      }
      if (!kept.contains(copy.digest())) {
        unneeded.add(copy);
      } else if (!known) {
        unused.add(copy);
      } else {
        ranked.put(entry.key(), copy);
        candidates.add(entry);
      }
      if (candidates.size() == 2 * AT_ONCE) {
        candidates = new ArrayList<>(turn.order(candidates).subList(0, AT_ONCE));
        List<Long> lowest = candidates.stream().map(LedgerRecord::key).toList();
        ranked.keySet().retainAll(Set.copyOf(lowest));
      }
    }
    List<ArtifactEntry> victims = new ArrayList<>(unneeded);
    victims.addAll(unused);
    turn.order(candidates).forEach(entry -> victims.add(ranked.get(entry.key())));
    return victims.subList(0, Math.min(victims.size(), AT_ONCE));
  }

  /** As many of the first as it takes. */
  private static List<ArtifactEntry> upTo(long bytes, List<ArtifactEntry> victims) {
    List<ArtifactEntry> some = new ArrayList<>();
    long left = bytes;
    for (ArtifactEntry victim : victims) {
      if (left <= 0) {
        break;
      }
      some.add(victim);
      left -= victim.storedBytes();
    }
    return some;
  }

  private static boolean admits(
      RankingTurn turn, CacheLedger ledger, ArtifactEntry candidate, List<ArtifactEntry> victims) {
    LedgerRecord own = new LedgerRecord();
    List<LedgerRecord> others = known(ledger, victims);
    return !ledger.read(candidate.digest(), own) || others.isEmpty() || turn.admit(own, others);
  }

  private static void tell(RankingTurn turn, CacheLedger ledger, List<ArtifactEntry> victims) {
    known(ledger, victims).forEach(turn::evicted);
  }

  private static List<LedgerRecord> known(CacheLedger ledger, List<ArtifactEntry> copies) {
    List<LedgerRecord> known = new ArrayList<>();
    for (ArtifactEntry copy : copies) {
      LedgerRecord entry = new LedgerRecord();
      if (ledger.read(copy.digest(), entry)) {
        known.add(entry);
      }
    }
    return known;
  }

  private void drop(TierUse cache, CacheLedger ledger, List<ArtifactEntry> victims)
      throws IOException {
    List<Change> drops = new ArrayList<>();
    victims.forEach(victim -> drops.add(new Change.Drop(victim.digest(), stamps.next())));
    journal.commit(cache, drops);
    for (ArtifactEntry victim : victims) {
      ledger.dropped(victim.digest());
      events.post(
          Events.UNCACHED,
          Map.of(
              Events.DIGEST, victim.digest().toString(),
              Events.SIZE, victim.size(),
              Events.TIER, cache.tier().name()));
    }
  }
}
