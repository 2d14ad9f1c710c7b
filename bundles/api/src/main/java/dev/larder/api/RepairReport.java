package dev.larder.api;

import java.util.ArrayList;
import java.util.List;

/**
 * What a repair found and did.
 *
 * @param damaged artifacts of which something was damaged, once for each tier
 * @param repaired those that were made whole from another replica
 * @param quarantinedPacks packs that are kept aside because damage was found in them
 * @param reclaimedBytes given back by purging such packs
 * @param findings one line for each artifact that stays damaged
 */
public record RepairReport(
    long damaged,
    long repaired,
    long quarantinedPacks,
    long reclaimedBytes,
    List<String> findings) {

  /** Nothing found, nothing done. */
  public static final RepairReport NOTHING = new RepairReport(0, 0, 0, 0, List.of());

  /** The sum of two. */
  public RepairReport plus(RepairReport other) {
    List<String> all = new ArrayList<>(findings);
    all.addAll(other.findings);
    return new RepairReport(
        damaged + other.damaged,
        repaired + other.repaired,
        quarantinedPacks + other.quarantinedPacks,
        reclaimedBytes + other.reclaimedBytes,
        List.copyOf(all));
  }
}
