package dev.larder.api;

import java.time.Duration;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Work that keeps the store in order. Each call returns when it is done. */
@ProviderType
public interface Maintenance {

  /** Frees what no reference, history entry, lease or reader needs, on all tiers. */
  CollectionReport collect() throws LarderException;

  /**
   * Reads and checks every block of one tier, or of all; repairs from other replicas what it can.
   */
  ScrubReport scrub(Optional<String> tier) throws LarderException;

  /**
   * Makes whole from other replicas what is known to be damaged: by a scrub, by reads, or by the
   * opening of a volume.
   *
   * @param purge whether to give up the packs that are kept aside because damage was found in them
   */
  RepairReport repair(boolean purge) throws LarderException;

  /**
   * Moves homes between storage tiers: what is loaded often to faster ones, what is not used for
   * long off those that fill up; until nothing more is to be moved. What was moved lately stays,
   * and no tier is written more than its budget allows.
   */
  RebalanceReport rebalance() throws LarderException;

  /**
   * Throws the catalog away and builds it anew from the volumes; tells how many artifacts it has.
   */
  long rebuildCatalog() throws LarderException;

  /**
   * Waits until no background work is left.
   *
   * @return false if the time was up before
   */
  boolean awaitIdle(Duration timeout) throws InterruptedException;
}
