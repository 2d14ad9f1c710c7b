package dev.larder.tiering.tier;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.spi.media.MediaProfile;
import dev.larder.store.ArtifactEntry;
import dev.larder.tiering.plugin.PluginRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** All tiers of the gateway. Any thread. */
public final class Tiers implements AutoCloseable {

  private final TierDefinitions definitions;
  private final TierEnvironment environment;
  private final VolumeOpener opener;
  private final PluginRegistry.Handle drivers;
  private final List<Tier> tiers = new CopyOnWriteArrayList<>();
  private final Object changing = new Object();
  private volatile boolean started;
  private volatile boolean makingFirst;
  private volatile @Nullable Throwable firstFailure;

  /** No tier is opened before {@link #start}. */
  public Tiers(TierDefinitions definitions, TierEnvironment environment) {
    this.definitions = definitions;
    this.environment = environment;
    this.opener = new VolumeOpener(environment);
    this.drivers = environment.drivers().registry().listen((change, driver) -> driversChanged());
  }

  /**
   * Starts to open all that are defined.
   *
   * @return whether none was ever defined, so that a first one is to be made; until {@link
   *     #initialised} nothing is settled then
   */
  public boolean start() throws LarderException {
    synchronized (changing) {
      makingFirst = !definitions.initialised();
      for (TierSpec spec : definitions.load()) {
        tiers.add(new Tier(spec, environment, opener));
      }
      started = true;
      tiers.forEach(Tier::open);
      return makingFirst;
    }
  }

  /** The first tiers are there. */
  public void initialised() throws LarderException {
    definitions.initialise();
    makingFirst = false;
  }

  /** The first tier could not be made; it is tried again at the next start. */
  public void firstFailed(Throwable why) {
    firstFailure = why;
    makingFirst = false;
  }

  /** Why the first tier could not be made. */
  public Optional<Throwable> firstFailure() {
    return Optional.ofNullable(firstFailure).filter(why -> tiers.isEmpty());
  }

  private void driversChanged() {
    if (started) {
      tiers.forEach(Tier::driversChanged);
    }
  }

  /** Whether every tier is open or known not to be. */
  public boolean settled() {
    return started && !makingFirst && tiers.stream().noneMatch(Tier::isOpening);
  }

  /** All of them, fastest first; those that are not open at the end. */
  public List<Tier> all() {
    List<Tier> sorted = new ArrayList<>(tiers);
    sorted.sort(
        Comparator.comparingDouble(Tiers::latency)
            .thenComparing(Comparator.comparingLong(Tiers::bandwidth).reversed())
            .thenComparing(Tier::name));
    return sorted;
  }

  private static double latency(Tier tier) {
    return tier.profile().map(MediaProfile::readLatencyMicros).orElse(Double.MAX_VALUE);
  }

  private static long bandwidth(Tier tier) {
    return tier.profile().map(MediaProfile::readBytesPerSecond).orElse(0L);
  }

  /** Those of one role, fastest first. */
  public List<Tier> of(TierRole role) {
    return all().stream().filter(tier -> tier.role() == role).toList();
  }

  /** What an open tier knows of an artifact, also one that is about to be closed. */
  public Optional<ArtifactEntry> entry(Digest digest) {
    for (Tier tier : tiers) {
      Optional<ArtifactEntry> entry = tier.peek().flatMap(volume -> volume.artifact(digest));
      if (entry.isPresent()) {
        return entry;
      }
    }
    return Optional.empty();
  }

  /** Open tiers that hold an artifact: caches first, then the fastest. */
  public List<Tier> holding(Digest digest) {
    List<Tier> holders = new ArrayList<>();
    for (Tier tier : all()) {
      if (tier.peek().flatMap(volume -> volume.artifact(digest)).isPresent()) {
        holders.add(tier);
      }
    }
    holders.sort(Comparator.comparing(tier -> tier.role() == TierRole.CACHE ? 0 : 1));
    return holders;
  }

  /** The tier of that name. */
  public Optional<Tier> find(String name) {
    return tiers.stream().filter(tier -> tier.name().equals(name)).findFirst();
  }

  /** The open tier with that volume. */
  public Optional<Tier> find(UUID volume) {
    return tiers.stream()
        .filter(tier -> tier.peek().map(v -> v.uuid().equals(volume)).orElse(false))
        .findFirst();
  }

  /** The tier of that name, or {@code NOT_FOUND}. */
  public Tier require(String name) throws LarderException {
    return find(name)
        .orElseThrow(
            () -> LarderException.notFound("no tier named '" + name + "'", "see 'larder tier ls'"));
  }

  /**
   * Opens a volume, or makes one, and keeps it as a tier. If that fails nothing is left of it.
   *
   * @throws LarderException {@code INVALID_ARGUMENT}, {@code ALREADY_EXISTS}, {@code NOT_FOUND},
   *     {@code READ_ONLY}, {@code TIER_FULL}, {@code DRIVER_MISSING}, {@code LOCKED}, …
   */
  public Tier add(TierSpec wish) throws LarderException {
    synchronized (changing) {
      TierSpec spec = TierPlaces.check(wish, tiers.stream().map(Tier::spec).toList());
      TierPlaces.Before before = TierPlaces.look(spec);
      Tier tier = new Tier(spec, environment, opener);
      boolean added = false;
      try {
        tier.openNow(before.wasEmpty());
        refuseReadOnly(tier, before);
        tiers.add(tier);
        pin(tier);
        added = true;
        return tier;
      } catch (LarderException e) {
        throw e;
      } catch (IOException e) {
        throw new LarderException(
            ErrorCode.IO_ERROR,
            "tier " + spec.name() + " cannot be made at " + spec.location() + ": " + e.getMessage(),
            "check the medium",
            e);
      } finally {
        if (!added) {
          tiers.remove(tier);
          tier.close();
          TierPlaces.restore(before);
        }
      }
    }
  }

  private static void refuseReadOnly(Tier tier, TierPlaces.Before before) throws LarderException {
    boolean readOnly = tier.peek().map(volume -> !volume.writable()).orElse(false);
    if (readOnly && before.wasEmpty()) {
      throw tier.unusable();
    }
  }

  /** From now on only the driver that opened it does: another would not know its ways. */
  void pin(Tier tier) throws LarderException {
    Optional<String> driver = tier.driverName();
    if (tier.spec().driver().isEmpty() && driver.isPresent()) {
      TierSpec s = tier.spec();
      tier.remember(
          new TierSpec(s.name(), s.location(), driver, s.role(), s.capacity(), s.options()));
    }
    definitions.save(tier.spec());
  }

  /** Keeps which driver recognised a tier's medium, if that is news. */
  public void opened(Tier tier) throws LarderException {
    synchronized (changing) {
      if (tier.spec().driver().isEmpty() && tiers.contains(tier)) {
        pin(tier);
      }
    }
  }

  /** Closes a tier, which was drained, and forgets it. Its volume stays on the medium. */
  public void remove(Tier tier) throws LarderException {
    synchronized (changing) {
      definitions.delete(tier.name());
      tiers.remove(tier);
      tier.close();
    }
  }

  /** Closes all volumes. */
  @Override
  public void close() {
    drivers.close();
    synchronized (changing) {
      List<Thread> closers = new ArrayList<>();
      for (Tier tier : tiers) {
        Thread closer = new Thread(tier::close, "larder-close-" + tier.name());
        closer.setDaemon(true);
        closer.start();
        closers.add(closer);
      }
      join(closers);
    }
  }

  private static void join(List<Thread> threads) {
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
