package dev.larder.bench;

import com.google.gson.JsonObject;
import dev.larder.api.Digest;
import dev.larder.cli.CliException;
import dev.larder.cli.text.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Measures what a gateway makes of one medium, beside what the medium gives by itself. */
final class MediaBench {
  private static final String TIER = "medium";

  /**
   * What is stored on each medium.
   *
   * @param base a model
   * @param sibling of it
   * @param changed share of the sibling's tensors that differ, by bytes
   * @param protocol small artifacts, if they are measured
   */
  record Input(
      Path base,
      Digest baseDigest,
      Path sibling,
      Digest siblingDigest,
      double changed,
      @Nullable ProtocolReads protocol) {

    /** Writes it into a folder. */
    static Input write(Path folder, long size, int artifacts) throws CliException, IOException {
      Path base = folder.resolve("base.safetensors");
      Path sibling = folder.resolve("sibling.safetensors");
      new WeightsFile(size).write(base, size);
      double changed = new WeightsFile(size + 1).writeSibling(base, sibling);
      return new Input(
          base,
          Sha256.of(base),
          sibling,
          Sha256.of(sibling),
          changed,
          artifacts == 0 ? null : ProtocolReads.write(folder.resolve("protocol"), artifacts));
    }
  }

  private final Input input;
  private final TemporaryGateway own;
  private final Calls calls;
  private final LongSupplier nanoTime;
  private final PageCache pageCache;
  private final Path place;
  private final Path work;
  private final String model = "larder-bench/media-" + ProcessHandle.current().pid();

  /**
   * A measurement.
   *
   * @param own a fresh gateway
   * @param place empty folder on the medium
   * @param work folder for other files
   */
  MediaBench(
      Input input,
      TemporaryGateway own,
      LongSupplier nanoTime,
      PageCache pageCache,
      Path place,
      Path work)
      throws CliException {
    this.input = input;
    this.own = own;
    this.calls = new Calls(own.gateway());
    this.nanoTime = nanoTime;
    this.pageCache = pageCache;
    this.place = place;
    this.work = work;
  }

  /**
   * Measures.
   *
   * @param shown the medium's name in the report
   * @param driver its driver; null for the one that recognises it
   */
  MediaReport.Medium run(String shown, @Nullable String driver, int runs)
      throws CliException, IOException {
    Path volume = Files.createDirectory(place.resolve("volume"));
    calls.onlyTier(TIER, volume, driver);
    JsonObject tier = calls.tiers().get(0);
    try (ResidentMemory memory = ResidentMemory.of(calls.pid())) {
      String base = model + ":base";
      long start = nanoTime.getAsLong();
      long stored = Fields.whole(calls.put(base, input.base()), "storedBytes");
      final long put = nanoTime.getAsLong() - start;
      calls.waitIdle();
      final MediaReport.Cold cold = cold(base, volume, stored, runs);
      final MediaReport.Sibling sibling = sibling(base, volume);
      ResidentSwaps resident = ResidentSwaps.measure(own.home(), base, nanoTime);
      final long modelMemory = memory.peak();
      ProtocolReads protocol = input.protocol();
      return new MediaReport.Medium(
          shown,
          Fields.text(tier, "driver"),
          Fields.text(tier, "medium"),
          stored,
          put,
          cold,
          sibling,
          resident,
          protocol == null ? null : protocol.run(own, work.resolve("put.json"), nanoTime),
          modelMemory,
          memory.peak());
    }
  }

  /** Swaps of all that is stored, in turn with reads of as many bytes past the store. */
  private MediaReport.Cold cold(String reference, Path volume, long stored, int runs)
      throws CliException, IOException {
    Path plain = place.resolve("plain");
    DirectRead medium = DirectRead.copyOf(input.base(), stored, plain);
    long[] swaps = new long[runs];
    long[] reads = new long[runs];
    coldSwap(reference, volume); // a gateway that has just started still loads its own code
    long bytes = 0;
    for (int i = 0; i < runs; i++) {
      // Each goes first in every other pair, in case the first has it harder.
      if (i % 2 == 1) {
        reads[i] = read(medium, plain);
      }
      Swap swap = coldSwap(reference, volume);
      swaps[i] = swap.nanos();
      bytes += swap.bytesRead();
      if (i % 2 == 0) {
        reads[i] = read(medium, plain);
      }
    }
    Files.delete(plain);
    return new MediaReport.Cold(swaps, reads, bytes / runs, medium.isDirect(), pageCache.way());
  }

  private record Swap(long nanos, long bytesRead) {}

  private Swap coldSwap(String reference, Path volume) throws CliException, IOException {
    calls.release(reference);
    calls.evict(reference);
    pageCache.drop(List.of(volume));
    long start = nanoTime.getAsLong();
    JsonObject swap = calls.swap(reference);
    long nanos = nanoTime.getAsLong() - start;
    Sha256.check(Path.of(Fields.text(swap, "path")), input.baseDigest());
    return new Swap(nanos, loaded(swap));
  }

  private long read(DirectRead medium, Path plain) throws IOException {
    pageCache.drop(List.of(plain));
    long start = nanoTime.getAsLong();
    medium.run();
    return nanoTime.getAsLong() - start;
  }

  private static long loaded(JsonObject swap) throws CliException {
    if (Fields.text(swap, "level").equals("RAM")) {
      throw new CliException("INTERNAL", "the artifact was in RAM, it was not loaded", "");
    }
    return Fields.whole(swap, "bytesRead");
  }

  /** While its base is resident; afterwards only the base is there. */
  private MediaReport.Sibling sibling(String base, Path volume) throws CliException, IOException {
    String sibling = model + ":sibling";
    long stored = Fields.whole(calls.put(sibling, input.sibling()), "storedBytes");
    calls.waitIdle();
    calls.swap(base);
    pageCache.drop(List.of(volume));
    long start = nanoTime.getAsLong();
    JsonObject swap = calls.swap(sibling);
    final long nanos = nanoTime.getAsLong() - start;
    long read = loaded(swap);
    Sha256.check(Path.of(Fields.text(swap, "path")), input.siblingDigest());
    calls.release(sibling);
    calls.evict(sibling);
    return new MediaReport.Sibling(
        input.changed(), stored, read, Fields.whole(swap, "bytesReused"), nanos);
  }
}
