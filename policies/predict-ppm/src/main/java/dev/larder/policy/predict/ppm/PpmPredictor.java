package dev.larder.policy.predict.ppm;

import dev.larder.spi.prediction.Prediction;
import dev.larder.spi.prediction.UsageEvent;
import dev.larder.spi.prediction.UsagePredictor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;

/**
 * Prediction by partial matching of order 2: what came after the last two artifacts of a stream,
 * blended with what came after the last one and with what is used most, each weighed by how often
 * the longer context has met something new (method C of Moffat, "Implementing the PPM data
 * compression scheme", 1990). Where the clock is known to be right, the hour corrects the guess.
 *
 * <p>Streams have their own history and share what was learnt. Repeats are left out: that an
 * artifact is in use already tells nothing. About 220 KB, taken at once.
 */
@Capability(
    namespace = "larder.policy",
    name = PpmPredictor.SHORT_NAME,
    version = "1.0.0",
    attribute = "kind=prediction")
@Component(
    service = UsagePredictor.class,
    property = UsagePredictor.NAME + "=" + PpmPredictor.SHORT_NAME)
public final class PpmPredictor implements UsagePredictor {

  static final String SHORT_NAME = "ppm";

  private static final int CANDIDATES = 2 * Contexts.SUCCESSORS;

  private final Contexts contexts = new Contexts();
  private final Models models = new Models();
  private final Streams streams = new Streams();
  private final long[] keys = new long[CANDIDATES];
  private final double[] chances = new double[CANDIDATES];
  private final long[] leads = new long[CANDIDATES];

  @Override
  public String name() {
    return SHORT_NAME;
  }

  @Override
  public void observe(UsageEvent event) {
    int stream = streams.claim(event.stream());
    int length = streams.length(stream);
    long last = streams.last(stream);
    if (length > 0 && last == event.key()) {
      streams.push(stream, last, event.monotonicNanos());
      return;
    }
    if (length > 0) {
      long nanos = event.monotonicNanos() - streams.lastNanos(stream);
      contexts.learn(one(last), event.key(), nanos);
      if (length > 1) {
        contexts.learn(two(streams.beforeLast(stream), last), event.key(), nanos);
      }
    }
    models.learn(event.key(), hour(event));
    streams.push(stream, event.key(), event.monotonicNanos());
  }

  @Override
  public List<Prediction> predict(UsageEvent latest, int limit) {
    int stream = streams.find(latest.stream());
    if (stream < 0 || streams.length(stream) == 0 || limit <= 0) {
      return List.of();
    }
    long last = streams.last(stream);
    int second =
        streams.length(stream) > 1 ? contexts.find(two(streams.beforeLast(stream), last)) : -1;
    int candidates = blend(second, contexts.find(one(last)));
    if (candidates == 0) {
      candidates = models.popular(keys);
      for (int i = 0; i < candidates; i++) {
        chances[i] = models.share(keys[i]);
        leads[i] = 0;
      }
    }
    for (int i = 0; i < candidates; i++) {
      chances[i] = keys[i] == last ? 0 : chances[i] * models.lift(keys[i], hour(latest));
    }
    return best(candidates, limit);
  }

  /** Chances of all that came after either context; tells how many. */
  private int blend(int second, int first) {
    double left = 1; // not spoken for by longer contexts
    int known = 0;
    if (second >= 0) {
      known = add(second, left, known);
      left *= escape(second);
    }
    if (first >= 0) {
      known = add(first, left, known);
      left *= escape(first);
    }
    for (int i = 0; i < known; i++) {
      chances[i] += left * models.share(keys[i]);
    }
    return known;
  }

  private int add(int context, double weight, int known) {
    double all = total(context) + distinct(context);
    for (int i = 0; i < Contexts.SUCCESSORS; i++) {
      int count = contexts.count(context, i);
      if (count > 0) {
        int at = indexOf(contexts.key(context, i), known);
        if (at == known) {
          keys[known] = contexts.key(context, i);
          chances[known] = 0;
          leads[known++] = contexts.leadNanos(context, i);
        }
        chances[at] += weight * count / all;
      }
    }
    return known;
  }

  private int indexOf(long key, int known) {
    int at = 0;
    while (at < known && keys[at] != key) {
      at++;
    }
    return at;
  }

  /** How likely something new comes after a context. */
  private double escape(int context) {
    double distinct = distinct(context);
    return distinct / (total(context) + distinct);
  }

  private int total(int context) {
    int total = 0;
    for (int i = 0; i < Contexts.SUCCESSORS; i++) {
      total += contexts.count(context, i);
    }
    return total;
  }

  private int distinct(int context) {
    int distinct = 0;
    for (int i = 0; i < Contexts.SUCCESSORS; i++) {
      distinct += contexts.count(context, i) > 0 ? 1 : 0;
    }
    return distinct;
  }

  private List<Prediction> best(int candidates, int limit) {
    List<Prediction> best = new ArrayList<>(Math.min(limit, candidates));
    while (best.size() < limit) {
      int top = -1;
      for (int i = 0; i < candidates; i++) {
        if (chances[i] > 0 && (top < 0 || chances[i] > chances[top])) {
          top = i;
        }
      }
      if (top < 0) {
        break;
      }
      best.add(new Prediction(keys[top], Math.min(1, chances[top]), leads[top]));
      chances[top] = 0;
    }
    return best;
  }

  private static int hour(UsageEvent event) {
    int halfHour = event.halfHour().orElse(-1);
    return halfHour < 0 ? -1 : Models.hour(halfHour);
  }

  private static long one(long last) {
    return last * 0xC2B2AE3D27D4EB4FL;
  }

  private static long two(long beforeLast, long last) {
    return Long.rotateLeft(one(beforeLast), 31) * 5 + one(last) + 1;
  }

  @Override
  public Optional<byte[]> snapshot() {
    return models.size() == 0 ? Optional.empty() : Optional.of(Snapshot.write(contexts, models));
  }

  @Override
  public void restore(byte[] snapshot) {
    Snapshot.read(snapshot, contexts, models);
  }
}
