package dev.larder.tiering.work;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.PutRequest;
import dev.larder.api.PutResult;
import dev.larder.store.Change;
import dev.larder.store.StagedArtifact;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A batch that is being staged: what is to be committed on each tier. One thread. */
final class BatchPut implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BatchPut.class);

  private final Journal journal;
  private final Pins pins;
  private final Map<Tier, TierUse> uses = new LinkedHashMap<>();
  private final Map<Tier, List<Change>> changes = new HashMap<>();
  private final Map<Tier, Set<Digest>> added = new HashMap<>();

  /** What was on a tier already when it was taken in. */
  private final Map<Tier, List<Change>> present = new HashMap<>();

  private final List<StagedArtifact> staged = new ArrayList<>();
  private final List<Pins.Pin> pinned = new ArrayList<>();
  private final List<PutRequest> requests = new ArrayList<>();
  private final List<PutResult> results = new ArrayList<>();

  BatchPut(Journal journal, Pins pins) {
    this.journal = journal;
    this.pins = pins;
  }

  /** One use of each tier for the whole batch. */
  TierUse use(Tier tier, Duration patience) throws LarderException {
    TierUse use = uses.get(tier);
    if (use == null) {
      use = tier.use(patience);
      uses.put(tier, use);
    }
    return use;
  }

  /** Takes a staged artifact over; false if the batch has its content already. */
  boolean add(TierUse use, PutRequest request, StagedArtifact artifact, Change.Point point) {
    pinned.add(pins.pin(artifact.digest()));
    requests.add(request);
    List<Change> onTier = changes.computeIfAbsent(use.tier(), t -> new ArrayList<>());
    boolean first = added.computeIfAbsent(use.tier(), t -> new HashSet<>()).add(artifact.digest());
    if (first) {
      staged.add(artifact);
      List<Change> adding =
          artifact.present() ? present.computeIfAbsent(use.tier(), t -> new ArrayList<>()) : onTier;
      adding.add(new Change.Add(artifact));
    } else {
      artifact.close();
    }
    onTier.add(point);
    return first;
  }

  void result(PutResult result) {
    results.add(result);
  }

  PutRequest request(int index) {
    return requests.get(index);
  }

  List<PutResult> commit() throws IOException {
    for (Map.Entry<Tier, TierUse> entry : uses.entrySet()) {
      List<Change> onTier = changes.getOrDefault(entry.getKey(), List.of());
      if (!onTier.isEmpty()) {
        List<Change> wasThere = present.getOrDefault(entry.getKey(), List.of());
        journal.commitHere(entry.getValue(), wasThere, onTier);
      }
    }
    return List.copyOf(results);
  }

  @Override
  public void close() {
    staged.forEach(BatchPut::giveUp);
    pinned.forEach(Pins.Pin::close);
    uses.values().forEach(TierUse::close);
  }

  /** Does nothing for one that was committed. */
  private static void giveUp(StagedArtifact artifact) {
    try {
      artifact.close();
    } catch (RuntimeException e) {
      LOG.warn("{} could not be given up", artifact.digest(), e);
    }
  }
}
