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
import java.util.Map;
import java.util.function.LongSupplier;

/** Measures swaps of one file at a gateway, in turn with {@code cp} of the same file. */
final class SwapBench {
  private static final int RESIDENT_SWAPS = 500;

  private final Calls calls;
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
    this.calls = new Calls(gateway);
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
    JsonObject put = calls.put(reference, file);
    long putNanos = nanoTime.getAsLong() - start;
    try {
      calls.waitIdle();
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
      JsonObject mark = calls.stats(null);
      Sample resident = residentSwaps();
      JsonObject inside = Fields.object(calls.stats(Fields.text(mark, "mark")), "swaps");
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
      calls.release(reference);
      calls.delete(reference);
    }
  }

  /** The first use of memory by tmpfs costs extra; neither side shall pay for it. */
  private void touchMemory() throws CliException, IOException {
    Path target = tmpfs.resolve("touch");
    Tool.run(Map.of(), List.of("cp", file.toString(), target.toString()));
    Files.delete(target);
  }

  private long coldSwap() throws CliException, IOException {
    calls.release(reference);
    calls.evict(reference);
    pageCache.drop(tiers);
    long start = nanoTime.getAsLong();
    JsonObject swap = calls.swap(reference);
    long nanos = nanoTime.getAsLong() - start;
    if (Fields.text(swap, "level").equals("RAM")) {
      throw new CliException("INTERNAL", "the artifact was still in RAM after its eviction", "");
    }
    return nanos;
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
      calls.swap(reference);
      nanos[i] = nanoTime.getAsLong() - start;
    }
    return new Sample(nanos);
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
            "the file is on " + here + ", tier " + tier + " on " + there + ": choose --work on it");
      }
    }
  }
}
