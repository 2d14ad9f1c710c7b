package dev.larder.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.larder.cli.CliException;
import dev.larder.cli.gateway.Home;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.text.Counts;
import dev.larder.cli.text.Durations;
import dev.larder.cli.text.Fields;
import dev.larder.cli.text.Sizes;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

/**
 * Reads of small artifacts by several clients at once, each on a connection of its own that is kept
 * alive.
 */
final class ProtocolReads {
  private static final int CLIENTS = 8;
  private static final double LEAST_PER_SECOND = 3000;
  private static final long MOST_NANOS = 5_000_000;

  /** Each artifact is read so often on the average. */
  private static final int READS = 3;

  private static final int LEAST = 1 << 10;
  private static final int MOST = 64 << 10;

  /**
   * What was measured.
   *
   * @param artifacts how many there are
   * @param size of all of them, bytes
   * @param put how long it took to store them durably with one command, nanoseconds
   * @param wall from the first request to the last answer, nanoseconds
   * @param requests how long each took
   */
  record Result(int artifacts, long size, long put, long wall, Sample requests) {
    double perSecond() {
      return requests.count() / (wall / 1e9);
    }

    JsonObject toJson() {
      JsonObject json = requests.toJson();
      json.addProperty("artifacts", artifacts);
      json.addProperty("size", size);
      json.addProperty("clients", CLIENTS);
      json.add("putMillis", Durations.millisOf(put));
      json.addProperty("requestsPerSecond", Math.round(perSecond()));
      return json;
    }

    void addTo(Grid grid) {
      String what = Counts.of(artifacts, "small artifact");
      grid.row("put of " + what, Grid.time(put) + ", " + Sizes.format(size), "", "");
      grid.bar(
          "reads of them, " + Counts.of(CLIENTS, "client"),
          Math.round(perSecond()) + " a second",
          "≥ 3000",
          perSecond() >= LEAST_PER_SECOND);
      long p99 = requests.quantile(0.99);
      grid.bar(
          "one read, HTTP kept alive, p50 / p99",
          Grid.time(requests.median()) + " / " + Grid.time(p99),
          "p99 < 5 ms",
          p99 < MOST_NANOS);
    }
  }

  private final Path folder;
  private final int[] checksums;
  private final long size;

  private ProtocolReads(Path folder, int[] checksums, long size) {
    this.folder = folder;
    this.checksums = checksums;
    this.size = size;
  }

  /** Most bytes that so many artifacts have. */
  static long mostBytes(int artifacts) {
    return (long) artifacts * MOST;
  }

  /** Writes the artifacts, which look like descriptions of devices, into a new folder. */
  static ProtocolReads write(Path folder, int artifacts) throws IOException {
    SplittableRandom random = new SplittableRandom(artifacts);
    int[] checksums = new int[artifacts];
    long size = 0;
    Files.createDirectory(folder);
    for (int i = 0; i < artifacts; i++) {
      byte[] bytes = description(random, LEAST + random.nextInt(MOST - LEAST + 1));
      Files.write(folder.resolve(String.format("device-%06d.json", i)), bytes);
      checksums[i] = checksum(bytes);
      size += bytes.length;
    }
    return new ProtocolReads(folder, checksums, size);
  }

  private static byte[] description(SplittableRandom random, int length) {
    StringBuilder json = new StringBuilder("{\"parameters\":[\n");
    while (json.length() < length) {
      json.append("{\"number\":")
          .append(random.nextInt(256))
          .append(",\"size\":")
          .append(1 + random.nextInt(4))
          .append(",\"default\":")
          .append(random.nextInt())
          .append(",\"label\":\"Parameter ")
          .append(Integer.toHexString(random.nextInt()))
          .append("\"},\n");
    }
    json.setLength(length);
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length);
    return (int) crc.getValue();
  }

  /** Puts them into a gateway and reads them. */
  Result run(TemporaryGateway own, Path results, LongSupplier nanoTime)
      throws CliException, IOException {
    long start = nanoTime.getAsLong();
    own.command(results, "put", "--recursive", folder.toString(), "--kind", "protocol");
    final long put = nanoTime.getAsLong() - start;
    new Calls(own.gateway()).waitIdle();
    List<String> targets = new ArrayList<>();
    for (JsonObject item : Fields.objects(JsonParser.parseString(Files.readString(results)))) {
      targets.add(Query.of("/v1/content").with("ref", Fields.text(item, "reference")).toString());
    }
    if (targets.size() != checksums.length) {
      throw new CliException("INTERNAL", targets.size() + " artifacts were stored", "");
    }
    int each = Math.max(1, READS * targets.size() / CLIENTS);
    read(own.home(), targets, each / READS, nanoTime); // so that nobody is compiled meanwhile
    long begin = nanoTime.getAsLong();
    Sample requests = read(own.home(), targets, each, nanoTime);
    long wall = nanoTime.getAsLong() - begin;
    return new Result(targets.size(), size, put, wall, requests);
  }

  private Sample read(Home home, List<String> targets, int each, LongSupplier nanoTime)
      throws CliException {
    URI url = home.url();
    String token = home.token();
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<long[]>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        SplittableRandom random = new SplittableRandom(i);
        running.add(
            clients.submit(
                () -> {
                  try (Connection connection = new Connection(url, token)) {
                    return client(connection, targets, Math.max(1, each), random, nanoTime);
                  }
                }));
      }
      LongStream all = LongStream.empty();
      for (Future<long[]> client : running) {
        all = LongStream.concat(all, LongStream.of(client.get()));
      }
      return new Sample(all.toArray());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CliException known) {
        throw known;
      }
      throw new CliException("IO_ERROR", "reading by HTTP failed: " + e.getCause(), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("UNAVAILABLE", "interrupted", "");
    } finally {
      clients.shutdownNow();
    }
  }

  private long[] client(
      Connection connection,
      List<String> targets,
      int requests,
      SplittableRandom random,
      LongSupplier nanoTime)
      throws CliException, IOException {
    long[] nanos = new long[requests];
    for (int i = 0; i < requests; i++) {
      int which = random.nextInt(targets.size());
      long start = nanoTime.getAsLong();
      byte[] body = connection.get(targets.get(which));
      nanos[i] = nanoTime.getAsLong() - start;
      if (checksum(body) != checksums[which]) {
        throw new CliException("CORRUPT", targets.get(which) + " is not what was stored", "");
      }
    }
    return nanos;
  }
}
