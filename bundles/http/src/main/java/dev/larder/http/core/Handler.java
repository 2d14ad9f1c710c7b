package dev.larder.http.core;

import java.io.IOException;

/** Answers one kind of request. Safe for use by many threads. */
@FunctionalInterface
public interface Handler {

  /**
   * Answers, or throws: a {@link dev.larder.api.LarderException} becomes a problem document with
   * its code, everything else one with code {@code INTERNAL}.
   */
  void handle(Exchange exchange) throws IOException, InterruptedException;
}
