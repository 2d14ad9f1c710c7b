package dev.larder.bench.predict;

import dev.larder.bench.predict.ModelEvents.Event;
import dev.larder.spi.cache.CachePolicy;
import dev.larder.spi.prediction.Prediction;
import dev.larder.spi.prediction.UsageEvent;
import dev.larder.spi.prediction.UsagePredictor;
import dev.larder.tiering.prefetch.PrefetchGate;
import dev.larder.tiering.prefetch.PrefetchGate.Wish;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Replays a trace with the predictor and the gate of the distribution: each event is foreseen
 * before it is learnt.
 */
public final class PredictBench {

  private static final int HALF_HOURS = 336;
  private static final double HALF_HOUR_SECONDS = 1800;

  private final ModelEvents trace;
  private final long capacity;
  private final int warmUp;
  private final boolean clock;
  private final LongSupplier nanoTime;

  /**
   * A bench.
   *
   * @param capacity of the cache, bytes
   * @param warmUp so many events are not counted
   * @param clock whether the predictor is told the time; the trace begins on a Monday, 0:00
   */
  public PredictBench(
      ModelEvents trace, long capacity, int warmUp, boolean clock, LongSupplier nanoTime) {
    this.trace = trace;
    this.capacity = capacity;
    this.warmUp = warmUp;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * What came out.
   *
   * @param events that were counted
   * @param hits of these
   * @param demandBytes read because somebody waited
   * @param aheadBytes read ahead
   * @param usefulBytes of these, used before they were evicted
   * @param wastedBytes of these, evicted unused
   * @param guesses events that were no repeats
   * @param first how often the likeliest guess was right
   * @param amongThree how often one of the three likeliest was
   * @param nanos that predictor and gate took for all of them
   */
  public record Outcome(
      long events,
      long hits,
      long demandBytes,
      long aheadBytes,
      long usefulBytes,
      long wastedBytes,
      long guesses,
      long first,
      long amongThree,
      long nanos) {

    private static final Outcome NOTHING = new Outcome(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Share of the events. */
    public double hitRatio() {
      return (double) hits / events;
    }

    /** Share of the bytes loaded ahead whose fate is known; NaN if there are none. */
    public double precision() {
      return (double) usefulBytes / (usefulBytes + wastedBytes);
    }

    private Outcome since(Outcome before) {
      return new Outcome(
          events - before.events,
          hits - before.hits,
          demandBytes - before.demandBytes,
          aheadBytes - before.aheadBytes,
          usefulBytes - before.usefulBytes,
          wastedBytes - before.wastedBytes,
          guesses - before.guesses,
          first - before.first,
          amongThree - before.amongThree,
          nanos - before.nanos);
    }
  }

  /**
   * Replays the trace.
   *
   * @param predictor null to load nothing ahead
   */
  public Outcome run(CachePolicy policy, @Nullable UsagePredictor predictor) {
    Run run = new Run(policy, predictor);
    Outcome before = Outcome.NOTHING;
    for (int i = 0; i < trace.events().size(); i++) {
      if (i == warmUp) {
        before = run.outcome();
      }
      run.event(trace.events().get(i));
    }
    return run.outcome().since(before);
  }

  /** One replay. */
  private final class Run {
    private final @Nullable UsagePredictor predictor;
    private final PrefetchGate gate = new PrefetchGate();
    private final PrefetchModel model;
    private List<Prediction> guess = List.of();
    private long last;
    private long events;
    private long hits;
    private long demand;
    private long ahead;
    private long guesses;
    private long first;
    private long amongThree;
    private long nanos;

    Run(CachePolicy policy, @Nullable UsagePredictor predictor) {
      this.predictor = predictor;
      this.model = new PrefetchModel(capacity, policy, gate);
    }

    void event(Event event) {
      boolean repeat = events++ > 0 && event.key() == last;
      last = event.key();
      if (model.access(event.key(), event.size())) {
        hits++;
      } else {
        demand += event.size();
      }
      if (predictor != null && !repeat) {
        score(event.key());
        foresee(predictor, event);
      }
    }

    private void score(long key) {
      guesses++;
      for (int i = 0; i < guess.size(); i++) {
        if (guess.get(i).key() == key) {
          first += i == 0 ? 1 : 0;
          amongThree++;
        }
      }
    }

    private void foresee(UsagePredictor ppm, Event event) {
      long start = nanoTime.getAsLong();
      long now = (long) (event.seconds() * 1e9);
      UsageEvent told = new UsageEvent(event.key(), 0, events, now, halfHour(event));
      gate.asked(event.key(), key -> {});
      ppm.observe(told);
      guess = ppm.predict(told, PrefetchGate.PREDICTIONS);
      List<Wish> wishes = gate.choose(guess, model);
      nanos += nanoTime.getAsLong() - start;
      for (Wish wish : wishes) {
        gate.started(wish);
        model.prefetch(wish);
        ahead += wish.size();
      }
    }

    private OptionalInt halfHour(Event event) {
      return clock
          ? OptionalInt.of(
              (int) Math.floorMod((long) (event.seconds() / HALF_HOUR_SECONDS), HALF_HOURS))
          : OptionalInt.empty();
    }

    Outcome outcome() {
      return new Outcome(
          events,
          hits,
          demand,
          ahead,
          model.usefulBytes(),
          model.wastedBytes(),
          guesses,
          first,
          amongThree,
          nanos);
    }
  }
}
