package dev.larder.itest.campaigns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.itest.gateway.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Some clients at work at once. */
final class Load {

  private static final int CLIENTS = 4;

  private static final long PATIENCE_MINUTES = 3;
  private static final long LOOK_MILLIS = 5;
  private static final String THREADS = "load-client";

  private final AckLog log;
  private final Trouble trouble = new Trouble();
  private final ExecutorService clients =
      Executors.newFixedThreadPool(CLIENTS, work -> new Thread(work, THREADS));

  private Load(AckLog log) {
    this.log = log;
  }

  /**
   * Starts them.
   *
   * @param truth what each reference is now
   */
  static Load start(
      Api api,
      AckLog log,
      Client.Tuning tuning,
      SplittableRandom random,
      Map<String, String> truth) {
    Load load = new Load(log);
    List<Client> all = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      String name = "c" + i;
      Map<String, String> known = new TreeMap<>(truth);
      known.keySet().removeIf(reference -> !reference.startsWith(name + "/"));
      all.add(new Client(name, api, log, load.trouble, tuning, random.split(), known));
    }
    all.forEach(load.clients::execute);
    return load;
  }

  /** Waits for so many more acknowledgements, or until something has gone wrong. */
  void awaitAcknowledged(int more) throws InterruptedException {
    long enough = log.acknowledged() + more;
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(PATIENCE_MINUTES);
    while (log.acknowledged() < enough && !trouble.over() && System.nanoTime() < deadline) {
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /** From now on clients may meet failures. */
  Load endBegins() {
    trouble.endBegins();
    return this;
  }

  /** Waits until all have noticed that the gateway is gone. */
  List<String> end() throws InterruptedException {
    clients.shutdown();
    boolean ended = clients.awaitTermination(PATIENCE_MINUTES, TimeUnit.MINUTES);
    assertThat(ended).as(() -> "clients have ended; they are at " + stacks()).isTrue();
    return trouble.found();
  }

  private String stacks() {
    StringBuilder text = new StringBuilder();
    Thread.getAllStackTraces()
        .forEach(
            (thread, frames) -> {
              if (thread.getName().startsWith(THREADS)) {
                text.append(System.lineSeparator()).append(thread.getName());
                for (StackTraceElement frame : frames) {
                  text.append(System.lineSeparator()).append("  ").append(frame);
                }
              }
            });
    return text.toString();
  }
}
