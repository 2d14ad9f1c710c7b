package dev.larder.tiering.upkeep;

import dev.larder.api.ScrubReport;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.ArtifactEntry;
import dev.larder.store.Volume;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import dev.larder.tiering.work.Copier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads everything, checks it, and repairs from other replicas what it can. */
public final class Scrubber {

  private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);
  private static final int MAX_FINDINGS = 100;

  private final Tiers tiers;
  private final Copier copier;

  /** Over all tiers. */
  public Scrubber(Tiers tiers, Copier copier) {
    this.tiers = tiers;
    this.copier = copier;
  }

  /** Scrubs these tiers, as far as they are open. */
  public ScrubReport scrub(List<Tier> which, Cancellation cancellation) throws IOException {
    ScrubReport total = new ScrubReport(0, 0, 0, 0, List.of());
    for (Tier tier : which) {
      TierUse use = tier.tryUse().orElse(null);
      if (use != null) {
        try (use) {
          total = plus(total, scrub(use, cancellation));
        }
      }
    }
    return total;
  }

  private ScrubReport scrub(TierUse use, Cancellation cancellation) throws IOException {
    ScrubReport report = use.volume().scrub(cancellation);
    if (report.bad() == 0) {
      return report;
    }
    repair(use, cancellation);
    ScrubReport after = use.volume().scrub(cancellation);
    long repaired = Math.max(0, report.bad() - after.bad());
    return new ScrubReport(
        report.blocks(), report.bytes(), report.bad(), repaired, after.findings());
  }

  /** Takes every artifact that cannot be read here in again from another tier. */
  private void repair(TierUse use, Cancellation cancellation) throws IOException {
    Volume volume = use.volume();
    if (!volume.writable()) {
      return;
    }
    for (ArtifactEntry artifact : volume.artifacts()) {
      cancellation.check();
      if (!readable(volume, artifact, cancellation)) {
        repair(use, artifact, cancellation);
      }
    }
  }

  private static boolean readable(
      Volume volume, ArtifactEntry artifact, Cancellation cancellation) {
    try {
      volume.read(
          volume.manifest(artifact.digest()),
          0,
          artifact.size(),
          (offset, bytes) -> {},
          cancellation);
      return true;
    } catch (IOException e) {
      LOG.debug("{} is damaged on {}", artifact.digest(), volume.uuid(), e);
      return false;
    }
  }

  private void repair(TierUse use, ArtifactEntry artifact, Cancellation cancellation) {
    for (Tier tier : tiers.holding(artifact.digest())) {
      Optional<TierUse> other = tier == use.tier() ? Optional.empty() : tier.tryUse();
      if (other.isPresent()) {
        try (TierUse from = other.get()) {
          copier.renew(from, use, artifact, cancellation);
          LOG.info(
              "{} on {} was repaired from {}", artifact.digest(), use.tier().name(), tier.name());
          return;
        } catch (IOException e) {
          LOG.warn("{} cannot be repaired from {}", artifact.digest(), tier.name(), e);
        }
      }
    }
  }

  private static ScrubReport plus(ScrubReport a, ScrubReport b) {
    List<String> findings = new ArrayList<>(a.findings());
    b.findings().stream().limit(MAX_FINDINGS - (long) findings.size()).forEach(findings::add);
    return new ScrubReport(
        a.blocks() + b.blocks(),
        a.bytes() + b.bytes(),
        a.bad() + b.bad(),
        a.repaired() + b.repaired(),
        List.copyOf(findings));
  }
}
