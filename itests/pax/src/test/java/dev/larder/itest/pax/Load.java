package dev.larder.itest.pax;

import dev.larder.api.ArtifactKind;
import dev.larder.api.ArtifactStore;
import dev.larder.api.ModelSwapper;
import dev.larder.api.PutRequest;
import dev.larder.api.Reference;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that put, get and swap without a pause, each comparing every byte. A request that fails,
 * or gives wrong bytes, is a failure.
 */
final class Load {

  private static final int CLIENTS = 4;
  private static final int BASES = 4;
  private static final int BASE_BYTES = 192 << 10;
  private static final int TAIL_BYTES = 16 << 10;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** A load without an answer for that long hangs. */
  private static final long STALL_NANOS = Duration.ofSeconds(60).toNanos();

  private final ArtifactStore store;
  private final ModelSwapper swapper;
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong slowestNanos = new AtomicLong();
  private volatile boolean running = true;

  /**
   * What a load did.
   *
   * @param requests how many were answered
   * @param failures what went wrong, in words
   * @param slowestMillis the longest that a request took
   */
  record Outcome(long requests, List<String> failures, long slowestMillis) {}

  /** One request. */
  private interface Call {
    void send() throws Exception;
  }

  private Load(ArtifactStore store, ModelSwapper swapper) {
    this.store = store;
    this.swapper = swapper;
  }

  /** Starts the clients. */
  static Load start(ArtifactStore store, ModelSwapper swapper) {
    Load load = new Load(store, swapper);
    long salt = System.nanoTime(); // contents that no load before had
    for (int i = 0; i < CLIENTS; i++) {
      int client = i;
      Thread thread = new Thread(() -> load.run(client, salt), "itest-client-" + client);
      load.threads.add(thread);
      thread.start();
    }
    return load;
  }

  private void run(int client, long salt) {
    for (int round = 0; running; round++) {
      Reference reference = new Reference("load/client" + client, "r" + round % BASES);
      byte[] model =
          Samples.variant(
              round % BASES, BASE_BYTES, salt + client * 1_000_003L + round, TAIL_BYTES);
      measure("put " + reference, () -> put(reference, model));
      measure("get " + reference, () -> get(reference, model));
      measure("swap " + reference, () -> swap(reference, model));
    }
  }

  private void put(Reference reference, byte[] model) throws Exception {
    store.put(PutRequest.of(reference, ArtifactKind.MODEL), GatewayTestCase.content(model));
  }

  private void get(Reference reference, byte[] model) throws Exception {
    same(model, GatewayTestCase.read(store, reference));
  }

  private void swap(Reference reference, byte[] model) throws Exception {
    SwapResult result = swapper.swap(SwapRequest.of(reference).withTimeout(TIMEOUT));
    same(model, Files.readAllBytes(result.path()));
    swapper.release(result.lease());
  }

  private static void same(byte[] expected, byte[] actual) {
    if (!Arrays.equals(expected, actual)) {
      throw new IllegalStateException("wrong bytes at " + Arrays.mismatch(expected, actual));
    }
  }

  private void measure(String what, Call call) {
    long start = System.nanoTime();
    try {
      call.send();
    } catch (Exception e) {
      failures.add(what + ": " + e + (e.getCause() == null ? "" : " <- " + e.getCause()));
    }
    slowestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
    requests.incrementAndGet();
  }

  /** Waits until that many more requests are answered, whether well or not. */
  void awaitRequests(int more) throws InterruptedException {
    long goal = requests.get() + more;
    long end = System.nanoTime() + STALL_NANOS;
    while (requests.get() < goal) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the clients hang:\n" + stacks());
      }
      Thread.sleep(1);
    }
  }

  private String stacks() {
    StringBuilder text = new StringBuilder();
    for (Thread thread : threads) {
      text.append(thread.getName()).append('\n');
      for (StackTraceElement frame : thread.getStackTrace()) {
        text.append("    ").append(frame).append('\n');
      }
    }
    return text.toString();
  }

  /** Ends it without waiting: the test has failed already. */
  void abandon() {
    running = false;
  }

  /** Lets the clients end their last round, and tells what they saw. */
  Outcome stop() throws InterruptedException {
    running = false;
    for (Thread thread : threads) {
      thread.join(Duration.ofNanos(STALL_NANOS).toMillis());
      if (thread.isAlive()) {
        throw new AssertionError("a client hangs:\n" + stacks());
      }
    }
    return new Outcome(
        requests.get(), List.copyOf(failures), Duration.ofNanos(slowestNanos.get()).toMillis());
  }
}
