package dev.larder.tiering.prefetch;

import dev.larder.spi.prediction.Prediction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;

/**
 * Decides what is loaded ahead. Every prediction of an artifact that is not in the cache is scored,
 * whether or not it was acted on: did it come true within the next {@link #HORIZON} events? So what
 * a confidence is worth is measured before a byte is read for it, and a predictor that guesses
 * badly stays off.
 *
 * <p>Something is loaded if, by what was measured, it is likely to save more time than it costs:
 * the time of somebody who waits, against that of a medium that would be idle and against what has
 * to go and may be wanted itself.
 *
 * <p>No I/O and no clock: it counts events. For one thread at a time.
 */
public final class PrefetchGate {

  /**
   * So many events long a prediction is waited for, and what was loaded for it is kept. Predictions
   * are of the next event, but a pipeline may be interleaved with others.
   */
  public static final int HORIZON = 4;

  /** So many predictions of each event are looked at: of more, none ever has the chance. */
  public static final int PREDICTIONS = 3;

  /**
   * What is loaded and not used yet may risk so much of the cache: the sum of bytes by the chance
   * that they were loaded in vain.
   */
  private static final double RISKED_SHARE = 0.15;

  /**
   * What a second of reading in vain counts against a second of waiting. Nobody waits for it, so it
   * is less than 1; it takes bandwidth, wear and power, so it is more than 0. With a quarter, what
   * comes true once in five times breaks even.
   */
  private static final double WASTE = 0.25;

  /** Within so many events a prediction is looked for again. */
  private static final int CONTROLS = 32;

  /** What the gate must know of the cache; answered from memory. */
  public interface Cache {

    /** Bytes that it may hold. */
    long capacityBytes();

    /** Whether an artifact is in it or on its way. */
    boolean has(long key);

    /** Bytes of an artifact that could be loaded; 0 if there is none. */
    long sizeOf(long key);

    /** Microseconds that loading it would take. */
    double loadMicros(long key, long size);

    /**
     * Microseconds that are likely to be lost within the horizon if room for so many bytes is made;
     * infinite if it cannot be made.
     */
    double lossMicros(long bytes);
  }

  /**
   * Something to load ahead.
   *
   * @param key hash of the artifact
   * @param size bytes
   * @param risk bytes by the chance that they are loaded in vain
   */
  public record Wish(long key, long size, double risk) {}

  /** A prediction that is not settled yet. */
  private static final class Pending {
    final long key;
    final int bin;
    final double savedMicros;
    final double costMicros;
    final long event;
    final long control; // the event before those in which it is looked for again
    boolean came;
    boolean cameAgain;

    Pending(long key, int bin, double savedMicros, double costMicros, long event, long control) {
      this.key = key;
      this.bin = bin;
      this.savedMicros = savedMicros;
      this.costMicros = costMicros;
      this.event = event;
      this.control = control;
    }
  }

  /** Something that was loaded, or is being loaded. */
  private record Expected(Wish wish, long event) {}

  private final ConfidenceBins bins = new ConfidenceBins();
  private final List<Pending> pending = new ArrayList<>();
  private final List<Expected> expected = new ArrayList<>(HORIZON * PREDICTIONS);
  private final SplittableRandom random = new SplittableRandom(1);
  private long event;

  /**
   * An artifact was asked for: settles what was foreseen.
   *
   * @param key hash of the artifact
   * @param noMore told of keys that were loaded ahead and are not expected any longer
   */
  public void asked(long key, LongConsumer noMore) {
    event++;
    for (Pending one : pending) {
      settle(one, key);
    }
    pending.removeIf(one -> event == one.control + HORIZON);
    for (Iterator<Expected> all = expected.iterator(); all.hasNext(); ) {
      Expected one = all.next();
      if (one.wish.key() == key) {
        all.remove();
      } else if (event - one.event >= HORIZON) {
        all.remove();
        noMore.accept(one.wish.key());
      }
    }
  }

  private void settle(Pending one, long key) {
    long age = event - one.event;
    if (!one.came && age <= HORIZON) {
      if (one.key == key) {
        one.came = true;
        bins.cameSoon(one.bin, one.savedMicros);
      } else if (age == HORIZON) {
        bins.failed(one.bin, one.costMicros);
      }
    }
    one.cameAgain |= one.key == key && event > one.control;
    if (event == one.control + HORIZON) {
      bins.control(one.bin, one.cameAgain);
    }
  }

  /**
   * What is worth loading now, the most likely first.
   *
   * @param predictions after the event that {@link #asked} was told of last
   */
  public List<Wish> choose(List<Prediction> predictions, Cache cache) {
    List<Wish> wishes = new ArrayList<>(0);
    long capacity = cache.capacityBytes();
    double left = RISKED_SHARE * capacity;
    for (Expected one : expected) {
      left -= one.wish.risk();
    }
    for (Prediction prediction :
        predictions.subList(0, Math.min(PREDICTIONS, predictions.size()))) {
      long key = prediction.key();
      long size = cache.has(key) ? 0 : cache.sizeOf(key);
      if (size > 0 && size <= capacity) {
        int bin = ConfidenceBins.of(prediction.confidence());
        double load = cache.loadMicros(key, size);
        double saved = Math.min(load, leadMicros(prediction));
        double risk = (1 - bins.precision(bin)) * size;
        if (risk <= left && pays(bin, saved, load * WASTE, size, cache)) {
          wishes.add(new Wish(key, size, risk));
          left -= risk;
        }
        pending.add(new Pending(key, bin, saved, load * WASTE, event, someTimeLater()));
      }
    }
    return wishes;
  }

  /** At random: a round of models must not come round in time with its control. */
  private long someTimeLater() {
    return event + HORIZON + random.nextInt(CONTROLS);
  }

  /** Who comes before the load has ended saves only the time until then. */
  private static double leadMicros(Prediction prediction) {
    return prediction.leadNanos() <= 0 ? Double.MAX_VALUE : prediction.leadNanos() / 1000.0;
  }

  private boolean pays(int bin, double saved, double waste, long size, Cache cache) {
    double precision = bins.precision(bin);
    double gain = precision * saved - (1 - precision) * waste;
    // What is used would have taken its room anyhow.
    return gain > 0 && bins.pays(bin) && gain > (1 - precision) * cache.lossMicros(size);
  }

  /** A wish is being fulfilled: the artifact is expected until it is used or its time is over. */
  public void started(Wish wish) {
    expected.add(new Expected(wish, event));
  }

  /** A wish was given up. */
  public void dropped(Wish wish) {
    expected.removeIf(one -> one.wish.equals(wish));
  }

  /** Whether an artifact that was loaded ahead is expected still. */
  public boolean isExpected(long key) {
    return expected.stream().anyMatch(one -> one.wish.key() == key);
  }
}
