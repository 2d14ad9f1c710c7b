package dev.larder.policy.cache.adaptive;

import dev.larder.spi.cache.CacheTraits;
import dev.larder.spi.cache.LedgerEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets the experts keep shadow caches of some of the keys, and tells which of them has saved most.
 *
 * <p>A key is followed if the low bits of its hash are 0, as in SHARDS (C. Waldspurger et al.,
 * 2015); it then stands for as many others as a power of two, and takes as many times its size.
 * Large objects stand for fewer, so that none has more than a small part of a shadow cache: where a
 * few have most of the bytes, all of those are followed.
 */
final class Contest {

  /** Followed of about so many residents; more tell hardly more, and cost as much more. */
  private static final int FOLLOWED = 512;

  /** An object that stands for several has at most such a part of a shadow cache. */
  private static final int PART = 256;

  /** Followed accesses from one decision to the next, and before the first. */
  private static final int DECIDE = 128;

  private static final int FIRST = 2 * DECIDE;

  /** After so many followed accesses a hit counts half: some turnovers of a shadow cache. */
  private static final double HALF_LIFE = 8 * FOLLOWED;

  /** What another must have saved more to take over; less is noise. */
  private static final double LEAD = 1.005;

  private final CacheTraits cache;
  private final Valuation valuation;
  private final SampledKeys keys = new SampledKeys();
  private final List<Shadow> shadows = new ArrayList<>();
  private Shadow leader;
  private int mostWeight = 1;
  private long followed;

  Contest(CacheTraits cache, Valuation valuation) {
    this.cache = cache;
    this.valuation = valuation;
    for (Expert expert : Expert.ALL) {
      if (expert.admitsAll() || cache.mayBypass()) {
        shadows.add(new Shadow(expert, keys));
      }
    }
    leader = shadows.get(0);
  }

  /** The one that decides. */
  Shadow leader() {
    return leader;
  }

  /**
   * An access.
   *
   * @return whether a decision was due; the leader may be another one
   */
  boolean accessed(LedgerEntry entry) {
    boolean always = isFollowed(entry.key(), mostWeight);
    if (!always && entry.size() * (double) PART * mostWeight <= cache.capacityBytes()) {
      return false; // most accesses: no need to know more of it
    }
    int weight = weight(entry.size());
    if (!isFollowed(entry.key(), weight)) {
      return false;
    }
    follow(entry, weight);
    if (++followed % DECIDE != 0) {
      return false;
    }
    decide();
    if (cache.residents() > (long) FOLLOWED * mostWeight || keys.nearlyFull()) {
      followFewer();
    }
    return true;
  }

  private static boolean isFollowed(long key, int weight) {
    return (SampledKeys.mix(key) & weight - 1) == 0;
  }

  private int weight(long size) {
    long most = cache.capacityBytes() / PART / Math.max(1, size);
    return most >= mostWeight ? mostWeight : (int) Long.highestOneBit(Math.max(1, most));
  }

  private void follow(LedgerEntry entry, int weight) {
    long size = entry.size();
    int slot = keys.find(entry.key());
    if (slot >= 0) {
      change(slot, size, weight);
    }
    double value = valuation.value(entry);
    double logDensity = valuation.logDensity(entry);
    long capacity = cache.capacityBytes();
    for (Shadow shadow : shadows) {
      double logWorth = Valuation.logCount(entry, shadow.expert.halfLife()) + logDensity;
      double gain = shadow.expert.gain(logWorth);
      if (slot >= 0 && shadow.has(slot)) {
        shadow.hit(slot, gain, value * weight);
      } else if (size <= capacity) {
        double bytes = (double) size * weight;
        double worth = Valuation.power(logWorth) * Math.max(1, bytes);
        if (shadow.makeRoom(bytes, capacity, worth, entry.now())) {
          slot = slot >= 0 ? slot : keys.add(entry.key(), size, weight);
          if (slot >= 0) {
            shadow.add(slot, gain);
          }
        }
      }
    }
  }

  private void change(int slot, long size, int weight) {
    if (keys.sizes[slot] == size && keys.weights[slot] == weight) {
      return;
    }
    shadows.stream().filter(shadow -> shadow.has(slot)).forEach(shadow -> shadow.count(slot, -1));
    keys.sizes[slot] = size;
    keys.weights[slot] = weight;
    shadows.stream().filter(shadow -> shadow.has(slot)).forEach(shadow -> shadow.count(slot, 1));
  }

  private void decide() {
    Shadow best = leader;
    for (Shadow shadow : shadows) {
      if (shadow.saved > best.saved) {
        best = shadow;
      }
    }
    if (followed >= FIRST && best.saved > leader.saved * LEAD) {
      leader = best;
    }
    double fade = Valuation.power(-DECIDE / HALF_LIFE);
    for (Shadow shadow : shadows) {
      shadow.saved *= fade;
    }
  }

  private void followFewer() {
    mostWeight *= 2;
    keys.reweigh(this::weight);
    for (Shadow shadow : shadows) {
      shadow.retain(slot -> isFollowed(keys.keys[slot], keys.weights[slot]));
    }
    keys.releaseAll();
  }
}
