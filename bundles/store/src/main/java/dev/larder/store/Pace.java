package dev.larder.store;

/**
 * Slows work in the background down: called between two pieces of it, on the thread that does it,
 * with no lock held. May wait.
 */
@FunctionalInterface
public interface Pace {

  /** As fast as it goes. */
  Pace UNLIMITED = bytes -> {};

  /** So many bytes were just read or written. */
  void spent(long bytes);
}
