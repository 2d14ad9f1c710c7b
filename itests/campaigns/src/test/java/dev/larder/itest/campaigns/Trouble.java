package dev.larder.itest.campaigns;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What went wrong that must not, as clients meet it. While the gateway is well, every failure is
 * one; once its end has begun, broken connections and failed I/O are what is expected, wrong
 * answers never. Any thread.
 */
final class Trouble {

  /** Refusals that a busy machine may bring about: they change nothing. */
  private static final List<String> HARMLESS =
      List.of("SWAP_TIMEOUT", "RAM_FULL", "LEASED", "TIER_FULL");

  private final Queue<String> found = new ConcurrentLinkedQueue<>();
  private volatile boolean ending;

  /** From now on the gateway may fail in any way but by wrong answers. */
  void endBegins() {
    ending = true;
  }

  /** Whether clients should stop. */
  boolean over() {
    return !found.isEmpty();
  }

  /** Something that must not be. */
  void add(String what) {
    found.add(what);
  }

  /** An answer that has to be right, at any time. */
  void expect(String wanted, String got, String what) {
    if (!got.equals(wanted)) {
      found.add(what + " is " + got + " and should be " + wanted);
    }
  }

  /** What was served: the artifact, or, once the end has begun, a failure that is no digest. */
  void served(String wanted, String got, String reference) {
    boolean failure = !got.matches("[0-9a-f]{64}|-");
    if (!failure || !ending) {
      expect(wanted, got, "content of " + reference);
    }
  }

  /** A connection has failed. */
  void broken(String client, IOException cause) {
    if (!ending) {
      found.add(client + " lost its connection: " + cause);
    }
  }

  /**
   * An answer that is no success.
   *
   * @return whether it promises that nothing was changed
   */
  boolean refusal(String what, HttpResponse<String> response) {
    boolean harmless = HARMLESS.stream().anyMatch(response.body()::contains);
    if (!harmless && !ending) {
      found.add(what + ": " + response.statusCode() + " " + response.body());
    }
    return harmless;
  }

  /** All of it. */
  List<String> found() {
    return List.copyOf(found);
  }
}
