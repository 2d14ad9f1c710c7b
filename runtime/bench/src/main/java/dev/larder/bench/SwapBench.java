package dev.larder.bench;

import com.google.gson.JsonObject;
import dev.larder.cli.CliException;
import dev.larder.cli.gateway.Gateway;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.http.Body;
import dev.larder.cli.text.Fields;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Measures swaps of one file at a gateway, in turn with {@code cp} of the same file. */
final class SwapBench {
  private static final int RESIDENT_SWAPS = 500;

  private final Gateway gateway;
  private final LongSupplier nanoTime;
  private final PageCache pageCache;
  private final Path file;
  private final Path tmpfs;
  private final List<Path> tiers;
  private final List<String> notes = new ArrayList<>();
  private final String reference;

  /**
   * A measurement.
   *
   * @param gateway that stores and swaps
   * @param file to be stored; on the same medium as the tier
   * @param tmpfs folder that is copied to
   * @param tiers folders of the gateway's tiers
   * @param reference name for the artifact; deleted at the end
   */
  SwapBench(
      Gateway gateway,
      LongSupplier nanoTime,
      PageCache pageCache,
      Path file,
      Path tmpfs,
      List<Path> tiers,
      String reference) {
    this.gateway = gateway;
    this.nanoTime = nanoTime;
    this.pageCache = pageCache;
    this.file = file;
    this.tmpfs = tmpfs;
    this.tiers = tiers;
    this.reference = reference;
  }

  SwapReport run(int runs) throws CliException, IOException {
    long size = Files.size(file);
    touchMemory();
    long start = nanoTime.getAsLong();
    JsonObject put = put();
    long putNanos = nanoTime.getAsLong() - start;
    try {
      waitIdle();
      long[] swaps = new long[runs];
      long[] copies = new long[runs];
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < runs; i++) {
        // Each goes first in every other pair, in case the first has it harder.
        if (i % 2 == 0) {
          swaps[i] = coldSwap();
          copies[i] = coldCopy();
        } else {
          copies[i] = coldCopy();
          swaps[i] = coldSwap();
        }
        ratios.add((double) swaps[i] / copies[i]);
      }
      JsonObject mark = stats(null);
      Sample resident = residentSwaps();
      JsonObject inside = Fields.object(stats(Fields.text(mark, "mark")), "swaps");
      noteColdness();
      return new SwapReport(
          size,
          Fields.whole(put, "storedBytes"),
          putNanos,
          new Sample(swaps),
          new Sample(copies),
          ratios,
          resident,
          Fields.object(inside, "RAM"),
          pageCache.way(),
          notes);
    } finally {
      release();
      gateway.delete(Query.of("/v1/artifacts").with("ref", reference));
    }
  }

  /** The first use of memory by tmpfs costs extra; neither side shall pay for it. */
  private void touchMemory() throws CliException, IOException {
    Path target = tmpfs.resolve("touch");
    Tool.run(Map.of(), List.of("cp", file.toString(), target.toString()));
    Files.delete(target);
  }

  private JsonObject put() throws CliException {
    Query query = Query.of("/v1/artifacts").with("ref", reference).with("kind", "model");
    return gateway.send("PUT", query, new Upload(file)).getAsJsonObject();
  }

  private void waitIdle() throws CliException {
    gateway.post(
        Query.of("/v1/maintenance/wait-idle").with("timeoutMillis", "600000"), new JsonObject());
  }

  private long coldSwap() throws CliException, IOException {
    release();
    JsonObject what = new JsonObject();
    what.addProperty("reference", reference);
    gateway.post(Query.of("/v1/evictions"), what);
    pageCache.drop(tiers);
    long start = nanoTime.getAsLong();
    JsonObject swap = swap();
    long nanos = nanoTime.getAsLong() - start;
    if (Fields.text(swap, "level").equals("RAM")) {
      throw new CliException("INTERNAL", "the artifact was still in RAM after its eviction", "");
    }
    return nanos;
  }

  private JsonObject swap() throws CliException {
    JsonObject request = new JsonObject();
    request.addProperty("reference", reference);
    request.addProperty("timeoutMillis", 600_000);
    return gateway.post(Query.of("/v1/swaps"), request).getAsJsonObject();
  }

  private void release() throws CliException {
    gateway.delete(Query.of("/v1/leases").with("ref", reference));
  }

  private long coldCopy() throws CliException, IOException {
    pageCache.drop(List.of(file));
    Path target = tmpfs.resolve("copy");
    long start = nanoTime.getAsLong();
    Tool.run(Map.of(), List.of("cp", file.toString(), target.toString()));
    long nanos = nanoTime.getAsLong() - start;
    Files.delete(target);
    return nanos;
  }

  private Sample residentSwaps() throws CliException {
    long[] nanos = new long[RESIDENT_SWAPS];
    for (int i = 0; i < RESIDENT_SWAPS; i++) {
      long start = nanoTime.getAsLong();
      swap();
      nanos[i] = nanoTime.getAsLong() - start;
    }
    return new Sample(nanos);
  }

  private JsonObject stats(@Nullable String since) throws CliException {
    return gateway.get(Query.of("/v1/stats").with("since", since)).getAsJsonObject();
  }

  private void noteColdness() throws IOException {
    switch (pageCache.way()) {
      case DROPPED -> {}
      case ADVISED ->
          notes.add(
              "not root: the kernel was asked to let go of the files' pages, which it may decline"
                  + (tiers.isEmpty() ? "; those of the tier could not be reached" : ""));
      case WARM -> notes.add("not root: the page cache could not be dropped, nothing was cold");
    }
    for (Path tier : tiers) {
      String here = Files.getFileStore(file).name();
      String there = Files.getFileStore(tier).name();
      if (!here.equals(there)) {
        notes.add(
            "the file is on " + here + ", tier " + tier + " on " + there + ": choose --dir on it");
      }
    }
  }

  private record Upload(Path file) implements Body {
    @Override
    public long length() {
      try {
        return Files.size(file);
      } catch (IOException e) {
        return -1; // writing it says why
      }
    }

    @Override
    public String type() {
      return "application/octet-stream";
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      Files.copy(file, out);
    }
  }
}
