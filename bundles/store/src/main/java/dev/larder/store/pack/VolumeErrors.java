package dev.larder.store.pack;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.spi.media.MediumFullException;
import dev.larder.spi.media.MediumGoneException;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Words the failures of one volume.
 *
 * @param volume its UUID
 * @param description of its medium, for people
 */
public record VolumeErrors(UUID volume, String description) {

  /** Volume and medium. */
  public String name() {
    return "volume " + volume + " (" + description + ")";
  }

  /** It is closed. */
  public LarderException closed() {
    return new LarderException(ErrorCode.UNAVAILABLE, name() + " is closed", "open the tier again");
  }

  /** It refuses writes. */
  public LarderException readOnly() {
    return new LarderException(
        ErrorCode.READ_ONLY, name() + " refuses writes", "mount it writable, or use another tier");
  }

  /** It refuses writes since a force failed. */
  public LarderException broken(IOException cause) {
    return new LarderException(
        ErrorCode.IO_ERROR,
        name() + " takes no changes since a write failed: " + cause.getMessage(),
        "check the medium, then open the tier again",
        cause);
  }

  /** It has no room. */
  public LarderException full(String what) {
    return full(what, null);
  }

  /** It has no room, as the medium says. */
  public LarderException full(String what, @Nullable IOException cause) {
    return new LarderException(
        ErrorCode.TIER_FULL,
        name() + " has no room for " + what,
        "remove what is not needed and run 'larder gc', or use another tier",
        cause);
  }

  /** An artifact that is not there. */
  public LarderException notFound(Digest artifact) {
    return LarderException.notFound(
        "artifact " + artifact + " is not on " + name(), "put it again, or use another tier");
  }

  /** A damaged block. */
  public LarderException corrupt(Digest artifact, Digest block, String why) {
    return new LarderException(
        ErrorCode.CORRUPT,
        "block " + block + " of artifact " + artifact + " on " + name() + " is damaged: " + why,
        "repair it from another replica, or put the artifact again");
  }

  /** A damaged manifest. */
  public LarderException corruptManifest(Digest artifact) {
    return new LarderException(
        ErrorCode.CORRUPT,
        "the manifest of artifact " + artifact + " on " + name() + " is damaged",
        "repair it from another replica, or put the artifact again");
  }

  /** A failure of the medium, with this volume's name; what is worded already stays. */
  public LarderException wrap(IOException failure) {
    if (failure instanceof LarderException worded) {
      return worded;
    }
    if (failure instanceof MediumFullException) {
      return full("what was to be written", failure);
    }
    if (failure instanceof MediumGoneException) {
      return new LarderException(
          ErrorCode.TIER_ABSENT,
          name() + " was taken away: " + failure.getMessage(),
          "attach the medium again",
          failure);
    }
    return new LarderException(
        ErrorCode.IO_ERROR,
        name() + " failed: " + failure.getMessage(),
        "check the medium",
        failure);
  }

  /** Its counters are where honest gateways never get: what it was to be told would be lost. */
  public LarderException usedUp() {
    return new LarderException(
        ErrorCode.CORRUPT,
        name() + " has counters at their end, which no gateway has written; it takes no changes",
        "copy what is good on it to another volume");
  }

  /** A failure of another thread, to be thrown by this one. */
  public LarderException rethrow(Throwable failure) {
    if (failure instanceof CancellationException cancelled) {
      throw cancelled;
    }
    if (failure instanceof IOException io) {
      return wrap(io);
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return new LarderException(
        ErrorCode.INTERNAL, name() + ": " + failure, "report this as a defect", failure);
  }
}
