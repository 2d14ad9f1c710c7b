package dev.larder.media.simulated;

import java.util.Locale;

/** What a medium is asked to do; a fault is aimed at some of these. */
public enum Operation {
  /** Reading from a pack. */
  READ,
  /** Appending to a pack. */
  APPEND,
  /** Forcing or sealing a pack. */
  FORCE,
  /** Cutting off the end of a pack. */
  TRUNCATE,
  /** Making a pack. */
  CREATE,
  /** Opening a pack. */
  OPEN,
  /** Deleting a pack. */
  DELETE,
  /** Listing the packs. */
  LIST,
  /** Reading a superblock. */
  READ_SUPERBLOCK,
  /** Replacing a superblock. */
  WRITE_SUPERBLOCK;

  /** Whether it changes what is stored. */
  boolean changes() {
    return switch (this) {
      case APPEND, FORCE, TRUNCATE, CREATE, DELETE, WRITE_SUPERBLOCK -> true;
      case READ, OPEN, LIST, READ_SUPERBLOCK -> false;
    };
  }

  /** {@code write-superblock}. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
