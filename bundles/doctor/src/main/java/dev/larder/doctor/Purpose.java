package dev.larder.doctor;

/** What a folder is for, which decides what may be lost there. */
public enum Purpose {
  /** Durable homes of artifacts. */
  STORAGE,
  /** Copies of what is elsewhere: may be lost at any time. */
  CACHE,
  /** Configuration, catalog and log. */
  HOME,
  /** Models in RAM. */
  RAM;

  /** Whether what is there has to survive a power cut. */
  boolean mustLast() {
    return this == STORAGE || this == HOME;
  }
}
