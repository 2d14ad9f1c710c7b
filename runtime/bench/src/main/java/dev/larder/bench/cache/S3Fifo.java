package dev.larder.bench.cache;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * S3-FIFO (J. Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023): a small
 * queue of a tenth of the bytes, a main queue, and a queue of as many keys as the main queue has
 * that were evicted from the small one. What was accessed twice in the small queue moves on to the
 * main one.
 */
final class S3Fifo implements SimulatedCache {

  private static final byte MOST = 3;

  private enum Place {
    NOWHERE,
    SMALL,
    MAIN
  }

  private final long capacity;
  private final long smallCapacity;
  private final Place[] places;
  private final byte[] hits;
  private final long[] sizes;
  private final Deque<Integer> small = new ArrayDeque<>();
  private final Deque<Integer> main = new ArrayDeque<>();
  private final Set<Integer> ghosts = new LinkedHashSet<>();
  private long smallUsed;
  private long mainUsed;

  S3Fifo(long capacity, int keys) {
    this.capacity = capacity;
    this.smallCapacity = capacity / 10;
    places = new Place[keys];
    java.util.Arrays.fill(places, Place.NOWHERE);
    hits = new byte[keys];
    sizes = new long[keys];
  }

  @Override
  public boolean access(int key, long size) {
    if (places[key] != Place.NOWHERE) {
      hits[key] = (byte) Math.min(MOST, hits[key] + 1);
      resize(key, size);
      evict(capacity);
      return true;
    }
    if (size > capacity) {
      return false;
    }
    evict(capacity - size);
    hits[key] = 0;
    sizes[key] = size;
    if (ghosts.remove(key)) {
      toMain(key);
    } else {
      places[key] = Place.SMALL;
      small.addFirst(key);
      smallUsed += size;
    }
    return false;
  }

  private void resize(int key, long size) {
    if (places[key] == Place.SMALL) {
      smallUsed += size - sizes[key];
    } else {
      mainUsed += size - sizes[key];
    }
    sizes[key] = size;
  }

  private void toMain(int key) {
    places[key] = Place.MAIN;
    main.addFirst(key);
    mainUsed += sizes[key];
  }

  private void evict(long most) {
    while (smallUsed + mainUsed > most) {
      if (!small.isEmpty() && (smallUsed > smallCapacity || main.isEmpty())) {
        fromSmall();
      } else {
        fromMain();
      }
    }
  }

  private void fromSmall() {
    int key = small.removeLast();
    smallUsed -= sizes[key];
    if (hits[key] > 1) {
      hits[key] = 0;
      toMain(key);
      return;
    }
    places[key] = Place.NOWHERE;
    ghosts.add(key);
    while (ghosts.size() > Math.max(1, main.size())) {
      ghosts.remove(ghosts.iterator().next());
    }
  }

  private void fromMain() {
    int key = main.removeLast();
    mainUsed -= sizes[key];
    if (hits[key] > 0) {
      hits[key]--;
      toMain(key);
    } else {
      places[key] = Place.NOWHERE;
    }
  }
}
