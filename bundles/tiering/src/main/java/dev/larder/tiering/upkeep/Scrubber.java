package dev.larder.tiering.upkeep;

import dev.larder.api.RepairReport;
import dev.larder.api.ScrubReport;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.Volume;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Reads everything, checks it, and repairs from other replicas what it can. Takes half of what the
 * medium reads, and less while models are loaded. Any thread.
 */
public final class Scrubber {

  private static final int MAX_FINDINGS = 100;
  private static final int SHARE_OF_BANDWIDTH = 2;

  private final Repairer repairer;
  private final BooleanSupplier loading;
  private final LongSupplier nanoTime;
  private volatile boolean closed;

  /**
   * A scrubber.
   *
   * @param loading whether a model is being loaded just now
   */
  public Scrubber(Repairer repairer, BooleanSupplier loading, LongSupplier nanoTime) {
    this.repairer = repairer;
    this.loading = loading;
    this.nanoTime = nanoTime;
  }

  /** Ends what is under way; it is resumed after the next start. */
  public void close() {
    closed = true;
  }

  /** Scrubs these tiers, as far as they are open. */
  public ScrubReport scrub(List<Tier> which, Cancellation cancellation) throws IOException {
    ScrubReport total = new ScrubReport(0, 0, 0, 0, List.of());
    for (Tier tier : which) {
      TierUse use = tier.tryUse().orElse(null);
      if (use != null) {
        try (use) {
          total = plus(total, scrub(use, false, cancellation));
        }
      }
    }
    return total;
  }

  /** Goes on with a scrub of one tier that a stop has cut off, if there is one. */
  public void resume(TierUse use, Cancellation cancellation) throws IOException {
    if (use.volume().scrubUnderWay()) {
      scrub(use, true, cancellation);
    }
  }

  private ScrubReport scrub(TierUse use, boolean resume, Cancellation cancellation)
      throws IOException {
    Volume volume = use.volume();
    Cancellation either = () -> closed || use.isStale() || cancellation.isCancelled();
    long rate = Math.max(1, volume.medium().profile().readBytesPerSecond() / SHARE_OF_BANDWIDTH);
    ScrubReport report = volume.scrub(resume, new ScrubPace(rate, loading, nanoTime), either);
    if (volume.damage().isEmpty()) {
      return report;
    }
    RepairReport repair = repairer.repair(use, either);
    // Damaged blocks that no artifact has are not worth a word: the next collection drops them.
    long left = repair.findings().isEmpty() ? 0 : Math.min(report.bad(), volume.damageCount());
    List<String> findings = new ArrayList<>(repair.findings());
    if (left > 0) {
      report.findings().stream().limit(MAX_FINDINGS).forEach(findings::add);
    }
    return new ScrubReport(
        report.blocks(), report.bytes(), report.bad(), report.bad() - left, List.copyOf(findings));
  }

  private static ScrubReport plus(ScrubReport a, ScrubReport b) {
    List<String> findings = new ArrayList<>(a.findings());
    b.findings().stream().limit(Math.max(0, MAX_FINDINGS - findings.size())).forEach(findings::add);
    return new ScrubReport(
        a.blocks() + b.blocks(),
        a.bytes() + b.bytes(),
        a.bad() + b.bad(),
        a.repaired() + b.repaired(),
        List.copyOf(findings));
  }
}
