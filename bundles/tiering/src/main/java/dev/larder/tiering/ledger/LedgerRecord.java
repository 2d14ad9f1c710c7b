package dev.larder.tiering.ledger;

import dev.larder.spi.cache.LedgerEntry;

/**
 * A copy of one entry, as a policy sees it: taken under the ledger's lock, read without. Filled
 * again and again by {@link Ledger#read}.
 */
public final class LedgerRecord implements LedgerEntry {

  private static final double LATELY = 32;

  final float[] counts = new float[HALF_LIVES];
  long key;
  long size;
  long now;
  long lastTick;
  float reloadMicros;
  boolean resident;
  boolean prefetched;

  @Override
  public long key() {
    return key;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public long lastTick() {
    return lastTick;
  }

  @Override
  public double frequency(int halfLife) {
    return counts[halfLife] + lastTick * Ledger.A_TICK[halfLife];
  }

  /** Decayed count of accesses as of now. */
  public double count(int halfLife) {
    return Math.exp(
        (counts[halfLife] - (double) (now - lastTick) / Ledger.halfLife(halfLife)) * Math.log(2));
  }

  /**
   * How likely it is accessed within the next accesses of this cache, if it is used as often as
   * lately: as over a half-life that holds many times as many accesses.
   */
  public double chanceWithin(double accesses) {
    int halfLife = 0;
    while (halfLife < HALF_LIVES - 1 && Ledger.halfLife(halfLife) < LATELY * accesses) {
      halfLife++;
    }
    return Math.min(1, count(halfLife) * Math.log(2) * accesses / Ledger.halfLife(halfLife));
  }

  @Override
  public double reloadMicros() {
    return reloadMicros;
  }

  @Override
  public boolean resident() {
    return resident;
  }

  @Override
  public boolean prefetched() {
    return prefetched;
  }
}
