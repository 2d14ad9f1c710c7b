package dev.larder.tiering;

import dev.larder.api.ArtifactDetails;
import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.ForgottenTier;
import dev.larder.api.ImportReport;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.TierFigures;
import dev.larder.api.TierInfo;
import dev.larder.api.TierManager;
import dev.larder.api.TierReads;
import dev.larder.api.TierRole;
import dev.larder.api.TierSpec;
import dev.larder.api.TierState;
import dev.larder.api.TierWear;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Capacity;
import dev.larder.spi.media.MediaProfile;
import dev.larder.spi.media.MediumHealth;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Volume;
import dev.larder.store.VolumeStatistics;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tiers, as users call them. */
final class TierService implements TierManager {

  private static final Logger LOG = LoggerFactory.getLogger(TierService.class);
  private static final double MEGA = 1e6;

  private final Access access;

  TierService(Access access) {
    this.access = access;
  }

  @Override
  public List<TierInfo> tiers() {
    List<TierInfo> infos = new ArrayList<>();
    access.ifOpen().ifPresent(g -> g.tiers.all().forEach(tier -> infos.add(info(g, tier))));
    return infos;
  }

  private static TierInfo info(Gateway gateway, Tier tier) {
    Optional<TierUse> use = tier.tryUse();
    if (use.isPresent()) {
      try (TierUse held = use.get()) {
        return open(gateway, tier, held);
      } catch (IOException e) {
        use.get().failed(e);
        LOG.debug("figures of tier {} cannot be had", tier.name(), e);
      }
    }
    return away(tier);
  }

  private static TierInfo open(Gateway gateway, Tier tier, TierUse use) throws IOException {
    Volume volume = use.volume();
    MediaProfile profile = volume.medium().profile();
    Capacity capacity = volume.medium().capacity();
    MediumHealth health = volume.medium().health();
    VolumeStatistics statistics = volume.statistics();
    return new TierInfo(
        tier.name(),
        tier.spec().location(),
        tier.driver(),
        volume.medium().description(),
        tier.role(),
        tier.state(),
        reason(tier),
        Optional.of(volume.uuid()),
        capacity.totalBytes(),
        capacity.allocatedBytes(),
        volume.artifacts().size(),
        profile.readLatencyMicros(),
        profile.readBytesPerSecond() / MEGA,
        statistics.bytesWritten(),
        figures(profile, volume),
        new TierReads(
            statistics.reads(),
            statistics.bytesRead(),
            statistics.readLatencyMicros(),
            statistics.readBytesPerSecond() / MEGA),
        gateway.wear.of(use),
        health.lifeUsed(),
        health.findings());
  }

  private static TierFigures figures(MediaProfile profile, Volume volume) {
    // An earlier measurement counts only while the medium is tuned by it.
    boolean measured =
        volume.measured().map(found -> profile.tuned(found).equals(profile)).orElse(false);
    return new TierFigures(
        measured,
        profile.writeBytesPerSecond() / MEGA,
        profile.randomReadsPerSecond(),
        profile.forceMicros(),
        profile.queueDepth(),
        profile.extentBytes());
  }

  private static TierInfo away(Tier tier) {
    return new TierInfo(
        tier.name(),
        tier.spec().location(),
        tier.driver(),
        "",
        tier.role(),
        tier.state(),
        reason(tier),
        tier.volume(),
        tier.spec().capacity().orElse(0),
        0,
        0,
        0,
        0,
        0,
        TierFigures.UNKNOWN,
        TierReads.NONE,
        TierWear.UNKNOWN,
        OptionalDouble.empty(),
        "");
  }

  private static String reason(Tier tier) {
    return tier.problem().map(LarderException::getMessage).orElse("");
  }

  @Override
  public TierInfo add(TierSpec spec) throws LarderException {
    Gateway gateway = access.gateway();
    return info(
        gateway, Failures.typed("adding tier " + spec.name(), () -> gateway.tiers.add(spec)));
  }

  @Override
  public void remove(String name) throws LarderException {
    Gateway gateway = access.gateway();
    Tier tier = gateway.tiers.require(name);
    Failures.typed(
        "removing tier " + name,
        () -> {
          // There is nothing of ours on another gateway's, and nothing to lose on a cache.
          if (!tier.isForeign() && !(tier.role() == TierRole.CACHE && isAway(tier))) {
            gateway.drainer.drain(tier, Cancellation.NEVER);
          }
          drop(gateway, tier);
          return name;
        });
  }

  private static boolean isAway(Tier tier) {
    TierState state = tier.state();
    return state == TierState.ABSENT || state == TierState.FAILED;
  }

  private static void drop(Gateway gateway, Tier tier) throws LarderException {
    Optional<UUID> volume = tier.volume();
    gateway.tiers.remove(tier);
    gateway.caches.forget(tier);
    gateway.wear.forget(tier);
    gateway.absent.forget(tier.name());
    if (volume.isPresent()) {
      gateway.names.forget(volume.get());
      gateway.untold.forget(volume.get());
      gateway.catalog.forget(volume.get());
    }
  }

  @Override
  public ForgottenTier forget(String name) throws LarderException {
    Gateway gateway = access.gateway();
    Tier tier = gateway.tiers.require(name);
    TierState state = tier.state();
    if (state == TierState.READY || state == TierState.DRAINING) {
      throw new LarderException(
          ErrorCode.INVALID_ARGUMENT,
          "tier "
              + name
              + " is "
              + state.name().toLowerCase(Locale.ROOT)
              + ": nothing need be lost",
          "remove it without forgetting; what is on it then moves to the others");
    }
    return Failures.typed(
        "forgetting tier " + name,
        () -> {
          Optional<UUID> volume = tier.volume();
          List<Reference> lost = tier.isForeign() ? List.of() : onlyOn(gateway, tier);
          gateway.drainer.moveDeletions(tier);
          drop(gateway, tier);
          LOG.warn("tier {} is forgotten, and with it {} references", name, lost.size());
          return new ForgottenTier(name, volume, lost);
        });
  }

  /** References whose content is on this tier only. */
  private static List<Reference> onlyOn(Gateway gateway, Tier tier) {
    Set<Reference> lost = new TreeSet<>();
    for (ReferenceChange change : gateway.names.live()) {
      Digest digest = change.target().orElseThrow();
      boolean here =
          gateway.replicas.holders(digest).stream()
              .anyMatch(other -> other != tier && other.role() == TierRole.STORAGE);
      List<String> away = gateway.replicas.absentTiers(digest);
      boolean known =
          tier.volume().map(v -> gateway.names.holders(change).contains(v)).orElse(false);
      boolean onThis = away.contains(tier.name()) || known;
      if (!here && onThis && away.stream().allMatch(tier.name()::equals)) {
        lost.add(change.reference());
      }
    }
    ArtifactService.rows(gateway)
        .ifPresent(
            rows ->
                rows.stream()
                    .filter(row -> row.tiers().equals(List.of(tier.name())))
                    .forEach(row -> lost.add(row.reference())));
    return List.copyOf(lost);
  }

  @Override
  public ImportReport importVolume(String name) throws LarderException {
    Gateway gateway = access.gateway();
    Tier tier = gateway.tiers.require(name);
    return Failures.typed("importing tier " + name, () -> gateway.importer.run(tier));
  }

  @Override
  public ArtifactDetails migrate(Reference reference, String name) throws LarderException {
    Gateway gateway = access.gateway();
    Digest digest = gateway.references.require(reference);
    Tier tier = gateway.tiers.require(name);
    return Failures.typed(
        "migrating " + reference,
        () -> {
          gateway.migrator.migrate(digest, tier, Cancellation.NEVER);
          gateway.usage.placed(digest, false);
          return ArtifactService.details(gateway, reference);
        });
  }
}
