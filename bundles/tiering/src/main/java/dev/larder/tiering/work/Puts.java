package dev.larder.tiering.work;

import dev.larder.api.Content;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.Events;
import dev.larder.api.LarderException;
import dev.larder.api.PutBatch;
import dev.larder.api.PutRequest;
import dev.larder.api.PutResult;
import dev.larder.api.Temperature;
import dev.larder.api.TierRole;
import dev.larder.spi.placement.PlacementRequest;
import dev.larder.store.Change;
import dev.larder.store.StagedArtifact;
import dev.larder.tiering.placement.Placer;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import java.io.IOException;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores artifacts. Any thread; so many are taken in at once as memory allows, the others wait. A
 * small one lets the next one in before its commit, which holds next to nothing but time: so any
 * number of them share a force.
 */
public final class Puts {

  private static final Logger LOG = LoggerFactory.getLogger(Puts.class);
  private static final int AT_ONCE = 16;
  private static final long SMALL = 256 << 10;

  private final Tiers tiers;
  private final Placer placer;
  private final Ingest ingest;
  private final References references;
  private final Journal journal;
  private final Pins pins;
  private final EventSink events;
  private final BiConsumer<PutResult, Boolean> stored;
  private final Settling settling;
  private final Duration patience;
  private final LongSupplier nanoTime;
  private final Semaphore permits = new Semaphore(AT_ONCE, true);
  private volatile boolean closed;

  /**
   * Puts.
   *
   * @param stored told of every put, and whether a rule has chosen the tier
   */
  public Puts(
      Tiers tiers,
      Placer placer,
      Ingest ingest,
      References references,
      Journal journal,
      Pins pins,
      EventSink events,
      BiConsumer<PutResult, Boolean> stored,
      Settling settling,
      Duration patience,
      LongSupplier nanoTime) {
    this.tiers = tiers;
    this.placer = placer;
    this.ingest = ingest;
    this.references = references;
    this.journal = journal;
    this.pins = pins;
    this.events = events;
    this.stored = stored;
    this.settling = settling;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /** Stores one artifact. */
  public PutResult put(PutRequest request, Content content) throws IOException {
    long start = nanoTime.getAsLong();
    try (Turn turn = permit();
        ReadableByteChannel channel = content.open()) {
      OptionalLong size = content.size();
      checkPredecessor(request);
      tierFor(request, size); // before a byte is read: a put that does not fit never starts
      ProbedContent probed = ProbedContent.of(channel, size);
      return announce(request, untilItIsThere(request, size, probed, start, turn));
    }
  }

  /** The right to hold an artifact's windows. For one thread. */
  private final class Turn implements AutoCloseable {
    private boolean over;

    @Override
    public void close() {
      if (!over) {
        over = true;
        permits.release();
      }
    }
  }

  private Turn permit() throws LarderException {
    try {
      permits.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LarderException(
          ErrorCode.UNAVAILABLE, "interrupted while other puts were under way", "try again", e);
    }
    if (closed) {
      permits.release();
      throw new LarderException(ErrorCode.UNAVAILABLE, "the gateway is stopping", "");
    }
    return new Turn();
  }

  private void checkPredecessor(PutRequest request) throws LarderException {
    if (request.predecessor().isPresent()) {
      references.require(request.predecessor().get());
    }
  }

  private StagedArtifact stage(
      TierUse use, PutRequest request, OptionalLong size, ProbedContent content)
      throws IOException {
    Optional<Digest> predecessor =
        request.predecessor().isPresent()
            ? references.find(request.predecessor().get())
            : references.predecessor(request.reference(), use.volume());
    return ingest.stage(use, request.kind(), size, content, predecessor, this::isClosed);
  }

  /** Once more where a tier was closed meanwhile, if the content can be read again. */
  private PutResult untilItIsThere(
      PutRequest request, OptionalLong size, ProbedContent content, long start, Turn turn)
      throws IOException {
    long deadline = nanoTime.getAsLong() + patience.toNanos();
    while (true) {
      TierUse use = tierFor(request, size).use(patience);
      try (use) {
        return once(request, size, content, use, start, turn);
      } catch (IOException | IllegalStateException e) {
        boolean again = use.isStale() && content.canRewind() && nanoTime.getAsLong() - deadline < 0;
        if (!again) {
          if (e instanceof LarderException typed) {
            throw use.tier().named(typed);
          }
          throw e instanceof IOException io
              ? io
              : new LarderException(
                  ErrorCode.TIER_ABSENT,
                  "tier " + use.tier().name() + " went away during the put",
                  "try again",
                  e);
        }
        LOG.info("the put of {} starts again: {}", request.reference(), e.getMessage());
        content.rewind();
      }
    }
  }

  private PutResult once(
      PutRequest request,
      OptionalLong size,
      ProbedContent content,
      TierUse use,
      long start,
      Turn turn)
      throws IOException {
    try (StagedArtifact staged = stage(use, request, size, content);
        Pins.Pin pin = pins.pin(staged.digest())) {
      if (staged.size() <= SMALL) {
        turn.close();
      }
      Change add = new Change.Add(staged);
      Change point = point(request, staged.digest());
      if (staged.present()) {
        journal.commitHere(use, List.of(add), List.of(point));
      } else {
        journal.commit(use, List.of(add, point));
      }
      return result(request, staged, use, !staged.present(), start);
    }
  }

  private boolean isClosed() {
    return closed;
  }

  private Change.Point point(PutRequest request, Digest digest) throws LarderException {
    return new Change.Point(references.change(request.reference(), Optional.of(digest)));
  }

  private PutResult result(
      PutRequest request, StagedArtifact staged, TierUse use, boolean created, long start) {
    return new PutResult(
        request.reference(),
        staged.digest(),
        staged.size(),
        staged.storedBytes(),
        staged.newBlocks(),
        staged.totalBlocks(),
        use.tier().name(),
        created,
        nanoTime.getAsLong() - start);
  }

  private PutResult announce(PutRequest request, PutResult result) {
    stored.accept(result, request.tier().isEmpty());
    events.post(
        Events.STORED,
        Map.of(
            Events.REFERENCE, result.reference().toString(),
            Events.DIGEST, result.digest().toString(),
            Events.SIZE, result.size(),
            Events.TIER, result.tier()));
    return result;
  }

  /** Where it goes; waits a little if that is being opened. */
  private Tier tierFor(PutRequest request, OptionalLong size) throws LarderException {
    if (request.tier().isPresent()) {
      return named(request.tier().get(), size);
    }
    PlacementRequest wish =
        new PlacementRequest(request.kind(), Temperature.CACHED, size, request.strict());
    long deadline = nanoTime.getAsLong() + patience.toNanos();
    settling.await();
    while (true) {
      long before = settling.changes();
      try {
        return placer.rank(request.reference().toString(), wish, tiers.of(TierRole.STORAGE)).get(0);
      } catch (LarderException e) {
        boolean changed = settling.changes() != before && nanoTime.getAsLong() - deadline < 0;
        if (!changed && !awaitAnother(deadline)) {
          throw e;
        }
      }
    }
  }

  private Tier named(String name, OptionalLong size) throws LarderException {
    Tier tier = tiers.require(name);
    if (tier.role() != TierRole.STORAGE) {
      throw LarderException.invalid(
          "tier '" + name + "' is a cache: artifacts get there by themselves");
    }
    long deadline = nanoTime.getAsLong() + patience.toNanos();
    while (true) {
      tier.use(patience).close();
      try {
        Placer.check(tier, size.orElse(0));
        return tier;
      } catch (LarderException e) {
        Optional<TierUse> open = tier.tryUse();
        open.ifPresent(TierUse::close);
        boolean wentAway = open.isEmpty() && tier.worthWaiting();
        if (!wentAway || nanoTime.getAsLong() - deadline > 0) {
          throw e;
        }
      }
    }
  }

  /** Waits for a tier that is about to open; false if there is none. */
  private boolean awaitAnother(long deadline) {
    for (Tier tier : tiers.of(TierRole.STORAGE)) {
      long left = deadline - nanoTime.getAsLong();
      Optional<TierUse> open = tier.tryUse();
      open.ifPresent(TierUse::close);
      if (open.isEmpty() && left > 0 && tier.worthWaiting()) {
        try {
          tier.use(Duration.ofNanos(left)).close();
          return true;
        } catch (LarderException e) {
          LOG.debug("waited in vain for tier {}", tier.name(), e);
        }
      }
    }
    return false;
  }

  /** Stores a batch with one commit for each tier; nothing of it is visible before. */
  public List<PutResult> putAll(PutBatch batch) throws IOException {
    try (Turn turn = permit();
        BatchPut put = new BatchPut(journal, pins)) {
      Optional<PutBatch.Entry> entry = batch.next();
      while (entry.isPresent()) {
        stage(put, entry.get().request(), entry.get().content());
        entry = batch.next();
      }
      List<PutResult> results = put.commit();
      for (int i = 0; i < results.size(); i++) {
        announce(put.request(i), results.get(i));
      }
      return results;
    }
  }

  private void stage(BatchPut put, PutRequest request, Content content) throws IOException {
    long start = nanoTime.getAsLong();
    try (ReadableByteChannel channel = content.open()) {
      checkPredecessor(request);
      OptionalLong size = content.size();
      TierUse use = put.use(tierFor(request, size), patience);
      ProbedContent probed = ProbedContent.of(channel, size);
      StagedArtifact staged = stage(use, request, size, probed);
      boolean first = put.add(use, request, staged, point(request, staged.digest()));
      put.result(result(request, staged, use, first && !staged.present(), start));
    }
  }

  /** Takes no more puts and ends those under way. */
  public void close() {
    closed = true;
  }
}
