package dev.larder.tiering;

import dev.larder.api.ArtifactDetails;
import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.TierInfo;
import dev.larder.api.TierManager;
import dev.larder.api.TierSpec;
import dev.larder.spi.media.Cancellation;
import dev.larder.spi.media.Capacity;
import dev.larder.spi.media.MediaProfile;
import dev.larder.store.Volume;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    access.ifOpen().ifPresent(g -> g.tiers.all().forEach(tier -> infos.add(info(tier))));
    return infos;
  }

  private static TierInfo info(Tier tier) {
    Optional<TierUse> use = tier.tryUse();
    if (use.isPresent()) {
      try (TierUse held = use.get()) {
        return open(tier, held.volume());
      } catch (IOException e) {
        use.get().failed(e);
        LOG.debug("figures of tier {} cannot be had", tier.name(), e);
      }
    }
    return away(tier);
  }

  private static TierInfo open(Tier tier, Volume volume) throws IOException {
    MediaProfile profile = volume.medium().profile();
    Capacity capacity = volume.medium().capacity();
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
        volume.statistics().bytesWritten());
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
        Optional.empty(),
        tier.spec().capacity().orElse(0),
        0,
        0,
        0,
        0,
        0);
  }

  private static String reason(Tier tier) {
    return tier.problem().map(LarderException::getMessage).orElse("");
  }

  @Override
  public TierInfo add(TierSpec spec) throws LarderException {
    Gateway gateway = access.gateway();
    return info(Failures.typed("adding tier " + spec.name(), () -> gateway.tiers.add(spec)));
  }

  @Override
  public void remove(String name) throws LarderException {
    Gateway gateway = access.gateway();
    Tier tier = gateway.tiers.require(name);
    Failures.typed(
        "removing tier " + name,
        () -> {
          UUID volume = gateway.drainer.drain(tier, Cancellation.NEVER);
          gateway.tiers.remove(tier);
          gateway.names.forget(volume);
          gateway.absent.forget(name);
          gateway.catalog.forget(volume);
          return volume;
        });
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
