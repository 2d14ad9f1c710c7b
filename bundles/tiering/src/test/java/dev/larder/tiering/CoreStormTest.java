package dev.larder.tiering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.api.Digest;
import dev.larder.api.ErrorCode;
import dev.larder.api.LarderException;
import dev.larder.api.Reference;
import dev.larder.api.StoredContent;
import dev.larder.api.SwapRequest;
import dev.larder.api.SwapResult;
import dev.larder.api.TierRole;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients put, get, swap, delete, re-tag, migrate and roll back at once, while collections, scrubs
 * and evictions go on. Each client has names of its own and knows what each must stand for; it
 * reads the names of others, too, and takes nothing for right but what was put under them.
 */
class CoreStormTest {

  private static final long SECONDS = Boolean.getBoolean("larder.long") ? 300 : 8;
  private static final long SEED = Long.getLong("larder.seed", 1);
  private static final int CLIENTS = 6;
  private static final int NAMES = 4;

  /** Contents come again, so that artifacts and blocks are shared between clients. */
  private static final int CONTENTS = 24;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private Rig rig;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong requests = new AtomicLong();

  /** Everything that was ever asked to be put under a name. */
  private final Map<Reference, Set<Digest>> everPut = new ConcurrentHashMap<>();

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder, 8 << 20);
    rig.tier("card", "sd");
    rig.tier("flash", "nvme", TierRole.CACHE, OptionalLong.of(256 << 20));
  }

  @AfterEach
  void close() throws InterruptedException {
    stop.set(true);
    threads.shutdown();
    assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    rig.close();
  }

  private static byte[] content(int number) {
    byte[] content = new byte[20_000 + 9_000 * number];
    new Random(number % 3).nextBytes(content); // the same beginnings: shared blocks
    for (int i = content.length / 2; i < content.length; i++) {
      content[i] = (byte) (number + (i >> 10));
    }
    return content;
  }

  private static Digest digest(byte[] content) throws Exception {
    return Digest.of(MessageDigest.getInstance("SHA-256").digest(content));
  }

  @Test
  void nothingIsLostAndNoByteIsWrongWhateverGoesOnAtOnce() throws Exception {
    List<Client> clients = new ArrayList<>();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Client client = new Client(i);
      clients.add(client);
      running.add(threads.submit(client::run));
    }
    running.add(threads.submit(this::upkeep));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (System.nanoTime() < end && running.stream().noneMatch(Future::isDone)) {
      Thread.sleep(20);
    }
    stop.set(true);
    for (Future<?> each : running) {
      each.get(60, TimeUnit.SECONDS);
    }
    assertThat(requests.get()).isGreaterThan(100);
    requireAll(clients);
    rig.core.maintenance().collect();
    requireAll(clients);
    rig.restart();
    requireAll(clients);
    assertThat(rig.core.maintenance().scrub(Optional.empty()).bad()).isZero();
  }

  private static void requireAll(List<Client> clients) throws Exception {
    for (Client client : clients) {
      for (Reference name : client.names) {
        client.check(name);
      }
    }
  }

  private Void upkeep() throws Exception {
    Random random = new Random(SEED * 31);
    while (!stop.get()) {
      switch (random.nextInt(4)) {
        case 0 -> rig.core.maintenance().scrub(Optional.empty());
        case 1 -> rig.core.swapper().evictAll();
        default -> rig.core.maintenance().collect();
      }
      Thread.sleep(random.nextInt(30));
    }
    return null;
  }

  /** One client; it alone changes its names. */
  private final class Client {
    private final Random random;
    private final List<Reference> names = new ArrayList<>();
    private final Map<Reference, Digest> expected = new HashMap<>();
    private final int number;

    Client(int number) {
      this.number = number;
      this.random = new Random(SEED * 1_000 + number);
      for (int i = 0; i < NAMES; i++) {
        names.add(Reference.parse("client" + number + "/n" + i + ":latest"));
      }
    }

    Void run() throws Exception {
      while (!stop.get()) {
        try {
          one();
        } catch (Exception | AssertionError e) {
          throw new AssertionError(
              "client " + number + "; replay with -Dlarder.seed=" + SEED + ": " + e, e);
        }
        requests.incrementAndGet();
      }
      return null;
    }

    private Reference mine() {
      return names.get(random.nextInt(names.size()));
    }

    private void one() throws Exception {
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> put(mine());
        case 3 -> delete(mine());
        case 4 -> tag(mine(), mine());
        case 5, 6 -> check(mine());
        case 7 -> swap(mine());
        case 8 -> migrate(mine());
        default -> lookAtAnother();
      }
    }

    private void note(Reference name, Digest digest) {
      everPut.computeIfAbsent(name, n -> ConcurrentHashMap.newKeySet()).add(digest);
    }

    private void put(Reference name) throws Exception {
      byte[] content = content(random.nextInt(CONTENTS));
      Digest digest = digest(content);
      note(name, digest);
      Digest put =
          random.nextBoolean()
              ? rig.put(name.toString(), content).digest()
              : rig.put(name.toString(), content, random.nextBoolean() ? "card" : "local").digest();
      assertThat(put).isEqualTo(digest);
      expected.put(name, digest);
    }

    private void delete(Reference name) throws Exception {
      if (expected.containsKey(name)) {
        rig.core.store().delete(name);
        expected.remove(name);
      } else {
        Rig.fails(ErrorCode.NOT_FOUND, () -> rig.core.store().delete(name));
      }
    }

    private void tag(Reference from, Reference to) throws Exception {
      Digest digest = expected.get(from);
      if (digest == null || from.equals(to)) {
        return;
      }
      note(to, digest);
      rig.core.store().tag(from, to);
      expected.put(to, digest);
    }

    private void check(Reference name) throws Exception {
      Digest digest = expected.get(name);
      if (digest == null) {
        Rig.fails(ErrorCode.NOT_FOUND, () -> rig.get(name.toString()));
        return;
      }
      assertThat(digest(rig.get(name.toString()))).as(name.toString()).isEqualTo(digest);
    }

    private void swap(Reference name) throws Exception {
      Digest digest = expected.get(name);
      if (digest == null) {
        return;
      }
      SwapResult swap = rig.core.swapper().swap(SwapRequest.of(name).withTimeout(PATIENCE));
      try {
        assertThat(swap.digest()).isEqualTo(digest);
        assertThat(digest(Files.readAllBytes(swap.path()))).isEqualTo(digest);
      } finally {
        rig.core.swapper().release(swap.lease());
      }
    }

    private void migrate(Reference name) throws Exception {
      if (expected.containsKey(name)) {
        rig.core.tiers().migrate(name, random.nextBoolean() ? "card" : "local");
      }
    }

    /** Another client may delete or change it at any time, but it is never something else. */
    private void lookAtAnother() throws Exception {
      Reference name =
          Reference.parse(
              "client" + random.nextInt(CLIENTS) + "/n" + random.nextInt(NAMES) + ":latest");
      try (StoredContent content = rig.core.store().open(name);
          var channel = content.read(0, content.size())) {
        Digest read = digest(Channels.newInputStream(channel).readAllBytes());
        assertThat(everPut.getOrDefault(name, Set.of())).contains(read);
      } catch (LarderException e) {
        assertThat(e.code()).as(e.describe()).isEqualTo(ErrorCode.NOT_FOUND);
      }
    }
  }
}
