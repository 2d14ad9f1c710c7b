package dev.larder.tiering.ram;

import dev.larder.api.Digest;

/** An artifact in the RAM cache. All but what is final is under the cache's lock. */
final class Resident {

  final Digest digest;
  final long key;
  final long size;

  /** Leases on it. */
  int leases;

  /** Whether its content is certain: not yet for a file of the gateway before this one. */
  boolean checked;

  /** Whether it was loaded ahead and nobody has asked for it yet. */
  boolean ahead;

  /** Whether it was loaded ahead and somebody is expected to ask for it soon. */
  boolean expected;

  /**
   * Loads that have just brought it in and keep it until all who waited have their lease, and loads
   * that copy from it.
   */
  int holds;

  Resident(Digest digest, long key, long size, boolean checked) {
    this.digest = digest;
    this.checked = checked;
    this.key = key;
    this.size = size;
  }

  boolean evictable() {
    return leases == 0 && holds == 0;
  }
}
