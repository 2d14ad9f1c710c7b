package dev.larder.tiering.ram;

import dev.larder.api.Reference;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What a lease is to be like.
 *
 * @param reference what it is for
 * @param pinned whether it lasts until it is released
 * @param duration how long it lasts unless pinned
 * @param pid process with whose end it ends
 * @param processStart when that process started, as {@link Processes} tells
 */
public record LeaseTerms(
    Reference reference,
    boolean pinned,
    Duration duration,
    OptionalLong pid,
    OptionalLong processStart) {

  /** A lease for some time. */
  public static LeaseTerms of(Reference reference, Duration duration) {
    return new LeaseTerms(reference, false, duration, OptionalLong.empty(), OptionalLong.empty());
  }
}
