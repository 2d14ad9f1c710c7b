package dev.larder.bench;

import com.google.gson.JsonObject;
import dev.larder.cli.CliException;
import dev.larder.cli.gateway.Gateway;
import dev.larder.cli.text.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Measures what a collection gives back, and what swaps from the same tier feel of it. */
final class CollectBench {

  /** Enough for a 99th percentile. */
  private static final int QUIET_SWAPS = 400;

  private final Calls calls;
  private final LongSupplier nanoTime;
  private final Path folder;
  private final SplittableRandom random = new SplittableRandom(1);

  /**
   * A measurement.
   *
   * @param gateway a fresh one whose tier is below the folder
   * @param folder for files
   */
  CollectBench(Gateway gateway, LongSupplier nanoTime, Path folder) {
    this.calls = new Calls(gateway);
    this.nanoTime = nanoTime;
    this.folder = folder;
  }

  CollectReport run(int artifacts, long each) throws CliException, IOException {
    long dead = 0;
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < artifacts; i++) {
      long stored = put(reference(i), i, each);
      if (i % 2 == 0) {
        kept.add(reference(i));
      } else {
        dead += stored;
      }
    }
    calls.waitIdle();
    Sample quiet = swaps(kept, new Countdown(QUIET_SWAPS));
    for (int i = 1; i < artifacts; i += 2) {
      calls.delete(reference(i));
    }
    long before = allocated();
    long start = nanoTime.getAsLong();
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<Long> collection =
          other.submit(
              () -> {
                calls.collect();
                return nanoTime.getAsLong() - start;
              });
      Sample busy = swaps(kept, () -> !collection.isDone());
      long nanos = collection.get();
      return new CollectReport(dead, before - allocated(), nanos, quiet, busy);
    } catch (ExecutionException e) {
      throw new CliException("INTERNAL", "the collection failed: " + e.getCause(), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("UNAVAILABLE", "interrupted", "");
    } finally {
      other.shutdownNow();
    }
  }

  private static String reference(int number) {
    return "larder-bench/collect-" + number + ":latest";
  }

  private long put(String reference, int number, long size) throws CliException, IOException {
    Path file = folder.resolve("model.safetensors");
    new WeightsFile(number).write(file, size);
    JsonObject put = calls.put(reference, file);
    Files.delete(file);
    return Fields.whole(put, "storedBytes");
  }

  /** Swaps from the tier, of one after another at random, and one at least. */
  private Sample swaps(List<String> references, BooleanSupplier more) throws CliException {
    List<Long> nanos = new ArrayList<>();
    do {
      String reference = references.get(random.nextInt(references.size()));
      calls.evict(reference);
      long start = nanoTime.getAsLong();
      calls.swap(reference);
      nanos.add(nanoTime.getAsLong() - start);
      calls.release(reference);
    } while (more.getAsBoolean());
    return new Sample(nanos.stream().mapToLong(Long::longValue).toArray());
  }

  private long allocated() throws CliException {
    return Tool.allocated(folder.resolve("home"));
  }

  private static final class Countdown implements BooleanSupplier {
    private int left;

    Countdown(int times) {
      left = times;
    }

    @Override
    public boolean getAsBoolean() {
      return --left > 0;
    }
  }
}
