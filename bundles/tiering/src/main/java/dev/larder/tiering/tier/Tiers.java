package dev.larder.tiering.tier;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.spi.media.MediaProfile;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.VolumeIdentity;
import dev.larder.tiering.plugin.PluginRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All tiers of the gateway. Any thread. */
public final class Tiers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Tiers.class);

  private final TierDefinitions definitions;
  private final TierEnvironment environment;
  private final VolumeOpener opener;
  private final PluginRegistry.Handle drivers;
  private final List<Tier> tiers = new CopyOnWriteArrayList<>();
  private final Map<String, TierDefinition> saved = new ConcurrentHashMap<>();
  private final Object changing = new Object();
  private volatile boolean started;
  private volatile boolean makingFirst;
  private volatile @Nullable Throwable firstFailure;
  private boolean closed; // under changing

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
      requireNotClosed();
      makingFirst = !definitions.initialised();
      for (TierDefinition definition : definitions.load()) {
        tiers.add(new Tier(definition, true, environment, opener));
        saved.put(definition.spec().name(), definition);
      }
      started = true;
      tiers.forEach(Tier::open);
      return makingFirst;
    }
  }

  private void requireNotClosed() throws LarderException {
    if (closed) {
      throw new LarderException(ErrorCode.UNAVAILABLE, "the gateway is stopping", "");
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

  /** Whether each of this gateway's tiers is open, so that what none of them has is nowhere. */
  public boolean allOpen() {
    return settled() && tiers.stream().allMatch(tier -> tier.isForeign() || isOpen(tier));
  }

  private static boolean isOpen(Tier tier) {
    Optional<TierUse> use = tier.tryUse();
    use.ifPresent(TierUse::close);
    return use.isPresent();
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

  /** The tier whose volume that is, open or not. */
  public Optional<Tier> owner(UUID volume) {
    return tiers.stream().filter(tier -> tier.volume().equals(Optional.of(volume))).findFirst();
  }

  /** Whether there is no other storage tier than this one. */
  public boolean isOnlyStorage(Tier tier) {
    return tiers.stream().noneMatch(other -> other != tier && other.role() == TierRole.STORAGE);
  }

  /** All of one role, in no order: cheaper than {@link #of}. */
  public List<Tier> any(TierRole role) {
    return tiers.stream().filter(tier -> tier.role() == role).toList();
  }

  /** Volumes of tiers that are not open, as far as they are known. */
  public Set<UUID> away() {
    Set<UUID> away = new HashSet<>();
    for (Tier tier : tiers) {
      if (tier.peek().isEmpty()) {
        tier.volume().ifPresent(away::add);
      }
    }
    return away;
  }

  /**
   * Opens a volume, or makes one, and keeps it as a tier. One that another gateway has written is
   * kept apart until it is adopted. The volume of a tier that is away is that tier's again, at its
   * new place, whatever name was wished for. If it fails nothing is left of it.
   *
   * @throws LarderException {@code INVALID_ARGUMENT}, {@code ALREADY_EXISTS}, {@code NOT_FOUND},
   *     {@code READ_ONLY}, {@code TIER_FULL}, {@code DRIVER_MISSING}, {@code LOCKED}, …
   */
  public Tier add(TierSpec wish) throws LarderException {
    return add(wish, false);
  }

  /** The same for a place of the gateway's own: what is there is ours, whoever wrote it. */
  public Tier addOwn(TierSpec wish) throws LarderException {
    return add(wish, true);
  }

  private Tier add(TierSpec wish, boolean trusted) throws LarderException {
    synchronized (changing) {
      requireNotClosed();
      Optional<Tier> returned = returned(wish);
      if (returned.isPresent()) {
        return returned.get();
      }
      TierSpec spec = TierPlaces.check(wish, tiers.stream().map(Tier::spec).toList());
      TierPlaces.Before before = TierPlaces.look(spec);
      TierDefinition fresh = new TierDefinition(spec, Optional.empty());
      Tier tier = new Tier(fresh, trusted, environment, opener);
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

  /** The tier that had this volume before it went away, opened at its new place. */
  private Optional<Tier> returned(TierSpec wish) throws LarderException {
    if (!VolumeOpener.isFolder(wish.location())) {
      return Optional.empty();
    }
    Path folder = Path.of(wish.location()).toAbsolutePath().normalize();
    Optional<UUID> volume = FolderIdentity.of(folder).map(VolumeIdentity::volume);
    Optional<Tier> owner = volume.flatMap(this::owner);
    if (owner.isEmpty()) {
      return Optional.empty();
    }
    Tier tier = owner.get();
    String holder = opener.holder(volume.get());
    if (holder != null) {
      throw VolumeOpener.twin(volume.get(), holder);
    }
    tier.openAt(real(folder));
    pin(tier);
    return owner;
  }

  private static String real(Path folder) throws LarderException {
    try {
      return folder.toRealPath().toString();
    } catch (IOException e) {
      throw new LarderException(ErrorCode.IO_ERROR, folder + " cannot be used: " + e, "", e);
    }
  }

  /**
   * Makes another gateway's volume ours.
   *
   * @param preparation done with it before anybody else gets it; once it is through, it is ours
   */
  public void adopt(Tier tier, Tier.Preparation preparation) throws IOException {
    tier.adopt(
        use -> {
          preparation.on(use);
          synchronized (changing) {
            TierDefinition now = tier.definition();
            Optional<KnownVolume> ours = now.volume().map(KnownVolume::asImported);
            save(new TierDefinition(now.spec(), ours));
          }
        });
  }

  /** Another gateway's volume, for looking at it; empty if the tier's is ours or not there. */
  public Optional<ForeignUse> foreign(Tier tier) {
    return tier.enterForeign().map(ForeignUse::new);
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
    save(tier.definition());
  }

  private void save(TierDefinition definition) throws LarderException {
    definitions.save(definition);
    saved.put(definition.spec().name(), definition);
  }

  /** Keeps what was found out about tiers and their volumes, as far as it is news. */
  public void remember() throws LarderException {
    synchronized (changing) {
      for (Tier tier : tiers) {
        boolean unpinned = tier.spec().driver().isEmpty() && tier.driverName().isPresent();
        if (unpinned || !tier.definition().equals(saved.get(tier.name()))) {
          pin(tier);
        }
      }
    }
  }

  /** Closes a tier, which was drained, and forgets it. Its volume stays on the medium. */
  public void remove(Tier tier) throws LarderException {
    synchronized (changing) {
      definitions.delete(tier.name());
      saved.remove(tier.name());
      tiers.remove(tier);
      tier.close();
    }
  }

  /** Closes all volumes. */
  @Override
  public void close() {
    drivers.close();
    synchronized (changing) {
      closed = true;
      List<Thread> closers = new ArrayList<>();
      for (Tier tier : tiers) {
        Thread closer = new Thread(tier::close, "larder-close-" + tier.name());
        closer.setDaemon(true);
        closer.start();
        closers.add(closer);
      }
      join(closers);
      try {
        remember();
      } catch (LarderException e) {
        LOG.warn("how far the volumes have come cannot be noted: {}", e.describe());
      }
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
