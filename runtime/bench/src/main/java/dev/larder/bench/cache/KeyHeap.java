package dev.larder.bench.cache;

import java.util.Arrays;

/** Keys by priority, the lowest on top; of equal ones the one that was set longest ago. */
final class KeyHeap {

  private static final int ABSENT = -1;

  private final int[] heap;
  private final int[] places;
  private final double[] priorities;
  private final long[] turns;
  private int size;
  private long turn;

  KeyHeap(int keys) {
    heap = new int[keys];
    places = new int[keys];
    priorities = new double[keys];
    turns = new long[keys];
    Arrays.fill(places, ABSENT);
  }

  boolean contains(int key) {
    return places[key] != ABSENT;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int top() {
    return heap[0];
  }

  double priority(int key) {
    return priorities[key];
  }

  /** Adds a key or changes its priority. */
  void set(int key, double priority) {
    priorities[key] = priority;
    turns[key] = turn++;
    if (places[key] == ABSENT) {
      put(size++, key);
    }
    down(up(places[key]));
  }

  void remove(int key) {
    int place = places[key];
    places[key] = ABSENT;
    int last = heap[--size];
    if (last != key) {
      put(place, last);
      down(up(place));
    }
  }

  private void put(int place, int key) {
    heap[place] = key;
    places[key] = place;
  }

  private boolean before(int a, int b) {
    return priorities[a] < priorities[b] || priorities[a] == priorities[b] && turns[a] < turns[b];
  }

  private int up(int from) {
    int place = from;
    int key = heap[place];
    while (place > 0 && before(key, heap[(place - 1) / 2])) {
      put(place, heap[(place - 1) / 2]);
      place = (place - 1) / 2;
    }
    put(place, key);
    return place;
  }

  private void down(int from) {
    int place = from;
    int key = heap[place];
    for (int child = 2 * place + 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!before(heap[child], key)) {
        break;
      }
      put(place, heap[child]);
      place = child;
    }
    put(place, key);
  }
}
