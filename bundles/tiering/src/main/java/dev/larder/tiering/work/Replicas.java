package dev.larder.tiering.work;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Volume;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds replicas and does something with the best that works: the fastest first, the next where one
 * fails, and a short wait for a tier whose driver is being replaced. Any thread.
 */
public final class Replicas {

  private static final Logger LOG = LoggerFactory.getLogger(Replicas.class);
  private static final int MOST_LOOKS = 8;

  private final Tiers tiers;
  private final AbsentReplicas absent;
  private final Consumer<Tier> damaged;
  private final Settling settling;
  private final Duration patience;
  private final LongSupplier nanoTime;

  /**
   * Over all tiers.
   *
   * @param damaged told of a tier on which a replica was found damaged
   */
  public Replicas(
      Tiers tiers,
      AbsentReplicas absent,
      Consumer<Tier> damaged,
      Settling settling,
      Duration patience,
      LongSupplier nanoTime) {
    this.tiers = tiers;
    this.absent = absent;
    this.damaged = damaged;
    this.settling = settling;
    this.patience = patience;
    this.nanoTime = nanoTime;
  }

  /** Something to do with one replica. */
  @FunctionalInterface
  public interface Work<T> {
    /** Does it. */
    T on(TierUse use) throws IOException;
  }

  /**
   * What is known of an artifact: from a tier that is there, else from one that is away. One that
   * goes from a tier not looked at yet to one that was is seen by the next look.
   */
  public Optional<ArtifactEntry> entry(Digest digest) {
    Optional<ArtifactEntry> entry = Optional.empty();
    for (int look = 0; look < MOST_LOOKS && entry.isEmpty(); look++) {
      entry = tiers.entry(digest).or(() -> absent.find(digest));
    }
    return entry;
  }

  /** The same; if it is nowhere yet while tiers are being opened, waits for them. */
  public Optional<ArtifactEntry> awaitEntry(Digest digest) throws LarderException {
    Optional<ArtifactEntry> entry = entry(digest);
    if (entry.isEmpty() && !settling.isSettled()) {
      settling.await();
      entry = entry(digest);
    }
    return entry;
  }

  /** Open tiers that hold an artifact, in the order in which they are tried. */
  public List<Tier> holders(Digest digest) {
    return tiers.holding(digest);
  }

  /** Names of the tiers that are away and have an artifact, as far as that is known. */
  public List<String> absentTiers(Digest digest) {
    return absent.tiersOf(digest).stream()
        .filter(name -> tiers.find(name).flatMap(Tier::profile).isEmpty())
        .sorted()
        .toList();
  }

  /** Does it on the first replica that works. */
  public <T> T onAny(Digest digest, Work<T> work) throws IOException {
    return onAny(digest, tier -> true, work);
  }

  /**
   * Does it on the first replica that works, on a tier that suits.
   *
   * @throws LarderException {@code TIER_ABSENT}, {@code CORRUPT}, … of the last one that failed
   */
  public <T> T onAny(Digest digest, Predicate<Tier> suits, Work<T> work) throws IOException {
    long deadline = nanoTime.getAsLong() + patience.toNanos();
    Set<Volume> tried = Collections.newSetFromMap(new IdentityHashMap<>());
    IOException failure = null;
    while (true) {
      for (Tier tier : holders(digest)) {
        TierUse use = suits.test(tier) ? tier.tryUse().orElse(null) : null;
        if (use == null) {
          continue;
        }
        try (use) {
          if (tried.add(use.volume())) {
            return work.on(use);
          }
        } catch (IOException e) {
          use.failed(e);
          failure = next(digest, tier, failure, e);
        } catch (IllegalStateException e) {
          failure = next(digest, tier, failure, new IOException("the volume was closed", e));
        }
      }
      if (!awaitReturn(digest, suits, tried, deadline)) {
        throw failure == null ? unavailable(digest) : failure;
      }
    }
  }

  private IOException next(Digest digest, Tier tier, @Nullable IOException before, IOException e)
      throws IOException {
    if (e instanceof LarderException typed && typed.code() == ErrorCode.CORRUPT) {
      damaged.accept(tier);
    }
    if (e instanceof LarderException typed && !anotherMayDo(typed.code())) {
      throw e;
    }
    LOG.warn("reading {} from tier {} failed: {}", digest, tier.name(), e.getMessage());
    if (before != null && before != e) {
      e.addSuppressed(before);
    }
    return e;
  }

  private static boolean anotherMayDo(ErrorCode code) {
    return switch (code) {
      case CORRUPT,
          IO_ERROR,
          CODEC_MISSING,
          DRIVER_MISSING,
          TIER_ABSENT,
          NOT_FOUND,
          READ_ONLY,
          UNAVAILABLE,
          FORMAT_UNSUPPORTED ->
          true;
      default -> false;
    };
  }

  /** Waits for one that has it and was not tried yet; false if there is none worth waiting for. */
  private boolean awaitReturn(
      Digest digest, Predicate<Tier> suits, Set<Volume> tried, long deadline) {
    List<Tier> candidates = new ArrayList<>(holders(digest));
    absent.tiersOf(digest).forEach(name -> tiers.find(name).ifPresent(candidates::add));
    for (Tier tier : candidates) {
      long left = deadline - nanoTime.getAsLong();
      if (left > 0 && suits.test(tier) && tier.worthWaiting()) {
        try (TierUse use = tier.use(Duration.ofNanos(left))) {
          if (!tried.contains(use.volume())) {
            return true;
          }
        } catch (LarderException e) {
          LOG.debug("waited in vain for tier {}", tier.name(), e);
        }
      }
    }
    // One that came back between the two looks is in neither of them.
    return nanoTime.getAsLong() - deadline < 0
        && holders(digest).stream().anyMatch(tier -> suits.test(tier) && isNew(tier, tried));
  }

  private static boolean isNew(Tier tier, Set<Volume> tried) {
    TierUse use = tier.tryUse().orElse(null);
    if (use == null) {
      return false;
    }
    try (use) {
      return !tried.contains(use.volume());
    }
  }

  private LarderException unavailable(Digest digest) {
    for (String name : absent.tiersOf(digest)) {
      Optional<Tier> tier = tiers.find(name);
      if (tier.isPresent()) {
        LarderException why = tier.get().unusable();
        return new LarderException(
            why.code(), "artifact " + digest + ": " + why.getMessage(), why.advice(), why);
      }
    }
    List<String> away =
        tiers.all().stream()
            .filter(tier -> tier.tryUse().map(this::free).isEmpty())
            .map(Tier::name)
            .toList();
    return away.isEmpty()
        ? LarderException.notFound("there is no artifact " + digest, "")
        : new LarderException(
            ErrorCode.TIER_ABSENT,
            "artifact "
                + digest
                + " is on no tier that is attached; away: "
                + String.join(", ", away),
            "see 'larder tier ls'");
  }

  private boolean free(TierUse use) {
    use.close();
    return true;
  }
}
