package dev.larder.tiering.upkeep;

import dev.larder.api.CollectionReport;
import dev.larder.api.Digest;
import dev.larder.spi.media.Cancellation;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Volume;
import dev.larder.tiering.names.Namespace;
import dev.larder.tiering.tier.Tier;
import dev.larder.tiering.tier.TierUse;
import dev.larder.tiering.tier.Tiers;
import dev.larder.tiering.work.Journal;
import dev.larder.tiering.work.Pins;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Frees what nothing needs. One collection at a time. */
public final class Collector {

  private final Tiers tiers;
  private final Namespace names;
  private final Journal journal;
  private final Pins pins;
  private final Supplier<Set<Digest>> inRam;
  private final BooleanSupplier loading;
  private final LongSupplier nanoTime;

  /**
   * A collector.
   *
   * @param inRam what is leased or being loaded
   * @param loading whether a model is being loaded just now; it goes first
   */
  public Collector(
      Tiers tiers,
      Namespace names,
      Journal journal,
      Pins pins,
      Supplier<Set<Digest>> inRam,
      BooleanSupplier loading,
      LongSupplier nanoTime) {
    this.tiers = tiers;
    this.names = names;
    this.journal = journal;
    this.pins = pins;
    this.inRam = inRam;
    this.loading = loading;
    this.nanoTime = nanoTime;
  }

  /** Collects on every tier that is open and takes changes. */
  public synchronized CollectionReport collect(Cancellation cancellation) throws IOException {
    CollectionReport total = new CollectionReport(0, 0, 0, 0, 0);
    for (Tier tier : tiers.all()) {
      TierUse use = tier.tryUse().orElse(null);
      if (use != null) {
        try (use) {
          if (use.volume().writable()) {
            total = total.plus(collect(use, cancellation));
          }
        }
      }
    }
    return total;
  }

  /** Collects on one tier. */
  public synchronized CollectionReport collect(TierUse use, Cancellation cancellation)
      throws IOException {
    Volume volume = use.volume();
    return run(use, this::roots, () -> journal.needed(volume), cancellation);
  }

  /** Frees everything on a tier that is drained. */
  synchronized CollectionReport empty(TierUse use, Cancellation cancellation) throws IOException {
    return run(use, Set::of, Set::of, cancellation);
  }

  private CollectionReport run(
      TierUse use,
      Supplier<Set<Digest>> roots,
      Supplier<Set<ReferenceChange>> changes,
      Cancellation cancellation)
      throws IOException {
    List<ReferenceChange> before = use.volume().references();
    try {
      return use.volume().collect(roots, changes, new Courtesy(loading, nanoTime), cancellation);
    } catch (IOException e) {
      use.failed(e);
      throw e;
    } finally {
      journal.collected(use.tier(), use.volume(), before);
    }
  }

  /** Asked while no commit is under way; what is pinned covers those that are about to. */
  Set<Digest> roots() {
    Set<Digest> roots = new HashSet<>(pins.all());
    roots.addAll(inRam.get());
    roots.addAll(names.keptArtifacts());
    return roots;
  }
}
