package dev.larder.bench;

import com.google.gson.JsonObject;
import dev.larder.api.Digest;
import dev.larder.cli.CliException;
import dev.larder.cli.gateway.Gateway;
import dev.larder.cli.gateway.Home;
import dev.larder.cli.text.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Measures swaps of one file at a gateway, in turn with other tools that bring it to tmpfs. */
final class SwapBench {
  private final Home home;
  private final Calls calls;
  private final LongSupplier nanoTime;
  private final PageCache pageCache;
  private final Path file;
  private final Digest digest;
  private final Path tmpfs;
  private final Restores others;
  private final List<Path> tiers;
  private final List<String> notes = new ArrayList<>();
  private final String reference;

  /**
   * A measurement.
   *
   * @param home of the gateway that stores and swaps
   * @param file to be stored; on the same medium as the tier
   * @param tmpfs folder that is copied to
   * @param others that have stored the file
   * @param tiers folders of the gateway's tiers
   * @param reference name for the artifact; deleted at the end
   */
  SwapBench(
      Home home,
      LongSupplier nanoTime,
      PageCache pageCache,
      Path file,
      Path tmpfs,
      Restores others,
      List<Path> tiers,
      String reference)
      throws CliException {
    this.home = home;
    this.calls = new Calls(Gateway.of(home));
    this.nanoTime = nanoTime;
    this.pageCache = pageCache;
    this.file = file;
    this.digest = Sha256.of(file);
    this.tmpfs = tmpfs;
    this.others = others;
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
      long pid = calls.pid();
      long[] swaps = new long[runs];
      long[] cpu = new long[runs];
      for (int i = 0; i < runs; i++) {
        // Each goes first in every other pair, in case the first has it harder.
        if (i % 2 == 1) {
          others.round(true);
        }
        coldSwap(swaps, cpu, i);
        if (i % 2 == 0) {
          others.round(false);
        }
      }
      ResidentSwaps resident = ResidentSwaps.measure(home, reference, nanoTime);
      noteColdness();
      return new SwapReport(
          size,
          Fields.whole(put, "storedBytes"),
          putNanos,
          swaps,
          new Sample(cpu),
          others.copies(),
          others.rows(),
          others.missing(),
          resident,
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

  private void coldSwap(long[] nanos, long[] cpu, int run) throws CliException, IOException {
    calls.release(reference);
    calls.evict(reference);
    pageCache.drop(tiers);
    long pid = calls.pid();
    long before = CpuTime.of(pid);
    long start = nanoTime.getAsLong();
    JsonObject swap = calls.swap(reference);
    nanos[run] = nanoTime.getAsLong() - start;
    cpu[run] = CpuTime.of(pid) - before;
    if (Fields.text(swap, "level").equals("RAM")) {
      throw new CliException("INTERNAL", "the artifact was still in RAM after its eviction", "");
    }
    Sha256.check(Path.of(Fields.text(swap, "path")), digest);
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
