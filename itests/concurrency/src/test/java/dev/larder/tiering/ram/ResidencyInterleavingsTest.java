package dev.larder.tiering.ram;

import dev.larder.api.Digest;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.Statistics.EvictionCause;
import dev.larder.itest.concurrency.Interleavings;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * The books of the RAM cache: nothing goes that is leased, and no byte is counted twice or lost.
 */
class ResidencyInterleavingsTest {

  private static final long SIZE = 100;
  private static final long LIMIT = 2 * SIZE;

  /** What swaps and evictions do; each step of them may be anywhere between those of the others. */
  @Param(name = "artifact", gen = IntGen.class, conf = "1:3")
  public static class Operations {
    private final Residency residency = new Residency(LIMIT, new Random(1), Optional.empty());
    private final LeaseTerms terms = LeaseTerms.of(Reference.parse("a:b"), Duration.ofMinutes(10));

    private static Digest digest(int artifact) {
      return new Digest(artifact, 0, 0, 0);
    }

    /** Loads an artifact if there is room, leases it and lets it go again. */
    @Operation
    public void load(@Param(name = "artifact") int artifact) throws LarderException {
      Digest digest = digest(artifact);
      if (residency.tryReserve(digest, SIZE, Long.MAX_VALUE / 2, 0) != Residency.Attempt.GRANTED) {
        return;
      }
      RamFile file = new RamFile(digest, SIZE, null, null);
      residency.started(file);
      residency.admit(file, 1, false);
      Optional<String> lease = residency.lease(digest, terms, 0).map(Residency.Granted::lease);
      residency.unhold(digest, false);
      requireHere(digest, lease);
      release(lease.orElseThrow());
    }

    /** A load that fails. */
    @Operation
    public void fail(@Param(name = "artifact") int artifact) {
      Digest digest = digest(artifact);
      if (residency.tryReserve(digest, SIZE, Long.MAX_VALUE / 2, 0) == Residency.Attempt.GRANTED) {
        RamFile file = new RamFile(digest, SIZE, null, null);
        residency.started(file);
        residency.abandon(file);
      }
    }

    /** Leases what is there. */
    @Operation
    public void lease(@Param(name = "artifact") int artifact) throws LarderException {
      Optional<String> lease =
          residency.lease(digest(artifact), terms, 0).map(Residency.Granted::lease);
      if (lease.isPresent()) {
        requireHere(digest(artifact), lease);
        release(lease.get());
      }
    }

    private void requireHere(Digest digest, Optional<String> lease) {
      if (lease.isEmpty() || !residency.isLeased(digest)) {
        throw new IllegalStateException("gone under its lease");
      }
    }

    private void release(String lease) {
      residency.withLeases(
          leases -> {
            leases.release(leases.find(lease));
            return true;
          });
    }

    /** Evicts. */
    @Operation
    public void evict(@Param(name = "artifact") int artifact) {
      Resident gone = residency.detach(digest(artifact), EvictionCause.REQUEST);
      if (gone != null) {
        if (gone.leases != 0 || gone.holds != 0) {
          throw new IllegalStateException("evicted under its user");
        }
        residency.freed(gone, true);
      }
    }

    /** When all is quiet. */
    @Validate
    public void booksAreRight() {
      RamUsage usage = residency.usage();
      long expected = SIZE * residency.digests().size();
      if (usage.usedBytes() != expected || expected > LIMIT) {
        throw new IllegalStateException(usage + " with " + residency.digests());
      }
      if (!residency.inUse().isEmpty()) {
        throw new IllegalStateException("still in use: " + residency.inUse());
      }
    }
  }

  @Test
  void everyInterleavingOfLoadsLeasesAndEvictions() {
    Interleavings.explore(Operations.class);
  }
}
