package dev.larder.tiering.work;

import dev.larder.api.Reference;
import dev.larder.store.ReferenceChange;
import dev.larder.store.Stamp;
import dev.larder.store.Volume;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which of the reference changes on a volume count here. On one that was imported these are the
 * ones from its import on: what gateways wrote before was judged then, and taken over under stamps
 * of this gateway. When the import was is said by a mark on the volume itself, a deletion of a
 * reserved name, so that it cannot be parted from what it speaks of.
 */
public final class OurChanges {

  private static final String MARK = "larder.imported";

  private OurChanges() {}

  /** The name of the mark of a gateway on a volume. */
  public static Reference mark(UUID gateway) {
    return new Reference(MARK, gateway.toString());
  }

  /** Whether a change is such a mark, of whichever gateway. */
  public static boolean isMark(ReferenceChange change) {
    return change.reference().name().equals(MARK);
  }

  /**
   * The changes on a volume that count for a gateway, in order of their stamps. A mark of another
   * gateway does not: what was ours before it took the volume is ours again when it comes back.
   */
  public static List<ReferenceChange> on(Volume volume, UUID gateway) {
    return of(volume.references(), gateway);
  }

  static List<ReferenceChange> of(List<ReferenceChange> all, UUID gateway) {
    Reference mark = mark(gateway);
    Optional<Stamp> since =
        all.stream()
            .filter(change -> change.reference().equals(mark) && change.target().isEmpty())
            .map(ReferenceChange::stamp)
            .max(Stamp::compareTo);
    return all.stream()
        .filter(change -> !isMark(change))
        .filter(change -> since.isEmpty() || change.stamp().compareTo(since.get()) > 0)
        .toList();
  }
}
