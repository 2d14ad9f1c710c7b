package dev.larder.tiering.upkeep;

import dev.larder.api.Digest;
import dev.larder.api.RepairReport;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.ArtifactEntry;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import dev.larder.tiering.work.Copier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes damaged artifacts whole again from other replicas. Any thread. */
public final class Repairer {

  private static final Logger LOG = LoggerFactory.getLogger(Repairer.class);

  private final Tiers tiers;
  private final Copier copier;
  private final Collector collector;

  /** Over all tiers. */
  public Repairer(Tiers tiers, Copier copier, Collector collector) {
    this.tiers = tiers;
    this.copier = copier;
    this.collector = collector;
  }

  /**
   * Repairs what is known to be damaged on every tier that is open.
   *
   * @param purge whether to give up the packs that are kept aside, and collect them
   */
  public RepairReport repair(boolean purge, Cancellation cancellation) throws IOException {
    RepairReport total = RepairReport.NOTHING;
    for (Tier tier : tiers.all()) {
      TierUse use = tier.tryUse().orElse(null);
      if (use != null) {
        try (use) {
          total = total.plus(repair(use, cancellation)).plus(aside(use, purge, cancellation));
        }
      }
    }
    return total;
  }

  private RepairReport aside(TierUse use, boolean purge, Cancellation cancellation)
      throws IOException {
    if (!purge || !use.volume().writable() || use.volume().purge() == 0) {
      return new RepairReport(0, 0, use.volume().quarantined(), 0, List.of());
    }
    long reclaimed = collector.collect(use, cancellation).reclaimedBytes();
    return new RepairReport(0, 0, use.volume().quarantined(), reclaimed, List.of());
  }

  /** Repairs what is known to be damaged on one tier. */
  public RepairReport repair(TierUse use, Cancellation cancellation) throws IOException {
    // What nothing needs any more is the next collection's.
    Set<Digest> needed = collector.roots();
    List<ArtifactEntry> damaged =
        use.volume().damaged(cancellation).stream()
            .filter(artifact -> needed.contains(artifact.digest()))
            .toList();
    List<String> findings = new ArrayList<>();
    int repaired = 0;
    for (ArtifactEntry artifact : damaged) {
      cancellation.check();
      if (use.volume().writable() && fromAnyOther(use, artifact, cancellation)) {
        repaired++;
      } else {
        findings.add(
            "artifact "
                + artifact.digest()
                + " is damaged on tier "
                + use.tier().name()
                + ", and no other replica of it can be read");
      }
    }
    return new RepairReport(damaged.size(), repaired, 0, 0, findings);
  }

  private boolean fromAnyOther(TierUse use, ArtifactEntry artifact, Cancellation cancellation) {
    for (Tier tier : tiers.holding(artifact.digest())) {
      Optional<TierUse> other = tier == use.tier() ? Optional.empty() : tier.tryUse();
      if (other.isPresent()) {
        try (TierUse from = other.get()) {
          if (repair(use, from, artifact, cancellation)) {
            LOG.info(
                "{} on {} was repaired from {}", artifact.digest(), use.tier().name(), tier.name());
            return true;
          }
        } catch (IOException e) {
          LOG.warn("{} cannot be repaired from {}", artifact.digest(), tier.name(), e);
        }
      }
    }
    return false;
  }

  /** Twice where the manifest is damaged: only then is it known which blocks there are. */
  private boolean repair(TierUse use, TierUse from, ArtifactEntry artifact, Cancellation cancel)
      throws IOException {
    boolean whole = use.volume().check(artifact.digest(), cancel);
    for (int i = 0; i < 2 && !whole; i++) {
      copier.renew(from, use, artifact, cancel);
      whole = use.volume().check(artifact.digest(), cancel);
    }
    return whole;
  }
}
