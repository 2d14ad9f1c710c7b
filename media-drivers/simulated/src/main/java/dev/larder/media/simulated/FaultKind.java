package dev.larder.media.simulated;

import java.util.Locale;

/** What can go wrong. */
public enum FaultKind {
  /** The operation fails as if the device did; whether it happened, in part or not, is open. */
  EIO,
  /** There is no room. What was to be appended may be there in part. */
  FULL,
  /** The operation returns as if it were done and durable, but it is not durable. */
  LIE,
  /** The operation takes longer. */
  SLOW,
  /** The operation hangs until it is released or cancelled, or the medium is closed. */
  HANG,
  /** The medium is taken away, with what was not forced treated as at a power cut. */
  GONE,
  /** The power goes. */
  CUT,
  /** Some bits of what is stored flip, and the operation goes on. */
  ROT;

  /** Whether an operation can go wrong in this way. */
  boolean concerns(Operation operation) {
    return switch (this) {
      case LIE ->
          operation == Operation.FORCE
              || operation == Operation.DELETE
              || operation == Operation.WRITE_SUPERBLOCK;
      case FULL ->
          operation == Operation.APPEND
              || operation == Operation.CREATE
              || operation == Operation.WRITE_SUPERBLOCK;
      case EIO, SLOW, HANG, GONE, CUT, ROT -> true;
    };
  }

  /** {@code eio}. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
