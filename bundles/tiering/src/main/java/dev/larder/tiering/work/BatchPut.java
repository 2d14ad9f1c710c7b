package dev.larder.tiering.work;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.PutBatch;
import dev.larder.api.PutRequest;
import dev.larder.api.PutResult;
import dev.larder.store.Change;
import dev.larder.store.StagedArtifact;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A batch that is being staged: what is to be committed on each tier. One thread. */
final class BatchPut implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BatchPut.class);

  private final Journal journal;
  private final Pins pins;
  private final Map<Tier, Share> shares = new LinkedHashMap<>();
  private final List<Pins.Pin> pinned = new ArrayList<>();
  private final List<PutRequest> requests = new ArrayList<>();
  private final List<PutResult> results = new ArrayList<>();

  BatchPut(Journal journal, Pins pins) {
    this.journal = journal;
    this.pins = pins;
  }

  /** What comes to one tier. */
  private static final class Share {
    private final TierUse use;
    private final Set<Digest> digests = new HashSet<>();
    private final List<StagedArtifact> staged = new ArrayList<>();
    private final List<Change> adds = new ArrayList<>();
    private final List<Change> points = new ArrayList<>();

    /** What was on the tier already when it was taken in. */
    private final List<Change> present = new ArrayList<>();

    Share(TierUse use) {
      this.use = use;
    }

    List<Change> notes() {
      return points.stream()
          .map(point -> (Change) new Change.Note(((Change.Point) point).change()))
          .toList();
    }
  }

  /** One use of each tier for the whole batch. */
  TierUse use(Tier tier, Duration patience) throws LarderException {
    if (requests.size() >= PutBatch.MOST) {
      throw LarderException.invalid(
          "a batch has at most " + PutBatch.MOST + " artifacts: send the rest as another");
    }
    Share share = shares.get(tier);
    if (share == null) {
      share = new Share(tier.use(patience));
      shares.put(tier, share);
    }
    return share.use;
  }

  /** Takes a staged artifact over; false if the batch has its content already. */
  boolean add(TierUse use, PutRequest request, StagedArtifact artifact, Change.Point point) {
    pinned.add(pins.pin(artifact.digest()));
    requests.add(request);
    Share share = Objects.requireNonNull(shares.get(use.tier()));
    boolean first = share.digests.add(artifact.digest());
    if (first) {
      share.staged.add(artifact);
      (artifact.present() ? share.present : share.adds).add(new Change.Add(artifact));
    } else {
      artifact.close();
    }
    share.points.add(point);
    return first;
  }

  void result(PutResult result) {
    results.add(result);
  }

  PutRequest request(int index) {
    return requests.get(index);
  }

  /**
   * All or none, on several tiers too: first the artifacts, which nobody knows yet; then all names
   * change at one moment, in the commit of one tier; then the others have their names as well.
   */
  List<PutResult> commit() throws IOException {
    List<Share> all = shares.values().stream().filter(share -> !share.points.isEmpty()).toList();
    if (!all.isEmpty()) {
      Share first = all.get(0);
      List<Share> others = all.subList(1, all.size());
      List<Change> changes = new ArrayList<>(first.adds);
      changes.addAll(first.points);
      for (Share other : others) {
        List<Change> adds = new ArrayList<>(other.adds);
        adds.addAll(other.present); // adds nothing, unless it was collected since
        journal.commit(other.use, adds);
        changes.addAll(other.notes());
      }
      journal.commitHere(first.use, first.present, changes);
      others.forEach(this::name);
    }
    return List.copyOf(results);
  }

  private void name(Share share) {
    try {
      journal.commit(share.use, share.points);
    } catch (IOException e) {
      LOG.warn(
          "tier {} has artifacts of a batch, but their names are on another tier only",
          share.use.tier().name(),
          e);
    }
  }

  @Override
  public void close() {
    for (Share share : shares.values()) {
      share.staged.forEach(BatchPut::giveUp);
    }
    pinned.forEach(Pins.Pin::close);
    shares.values().forEach(share -> share.use.close());
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
