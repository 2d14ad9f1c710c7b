package dev.larder.spi.prediction;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Learns from swaps what is likely to be swapped next. Registered as an OSGi service with the
 * property {@link #NAME}. All calls come from one thread at a time. Whether a prediction pays is
 * measured by the core, which may ignore it.
 */
@ConsumerType
public interface UsagePredictor {

  /** Service property: the predictor's short name. */
  String NAME = "larder.policy.prediction";

  /** Short name, the same as the service property. */
  String name();

  /** Learns from a swap. */
  void observe(UsageEvent event);

  /** What is likely next, most likely first; at most {@code limit}. Does not learn. */
  List<Prediction> predict(UsageEvent latest, int limit);

  /** What it has learnt, to be kept over a restart, at most 1 MiB; empty if nothing. */
  default Optional<byte[]> snapshot() {
    return Optional.empty();
  }

  /** Takes up what it had learnt; anything that it cannot read is ignored. */
  default void restore(byte[] snapshot) {}
}
