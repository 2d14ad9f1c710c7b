package dev.larder.bench;

import dev.larder.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder-bench media}. */
@Command(
    name = "media",
    mixinStandardHelpOptions = true,
    header = "Measures what a gateway makes of media, beside what they give by themselves.",
    description = {
      "Makes a tier in each folder for as long as it takes, stores a model of bf16 weights on it and"
          + " swaps it cold, in turn with plain reads of as many bytes as are stored; then swaps to a"
          + " sibling while it is resident, swaps what is resident, and reads small artifacts. Run it"
          + " as root to have cold files. Needs free space of two and a half times the size and the"
          + " small artifacts on each medium, as much in --work, and twice the size of tmpfs.",
      ""
    })
final class MediaCommand implements Callable<Integer> {
  private static final int MOST_ARTIFACTS = 100_000;

  /** Of a gateway, and of a volume, without content. */
  private static final long HOME_BYTES = 256 << 20;

  @Parameters(arity = "1..*", paramLabel = "DIR", description = "Folder on a medium to measure.")
  private List<Path> folders = new ArrayList<>();

  @Option(
      names = "--driver",
      paramLabel = "DRIVER",
      description = "Media driver for all of them (default: the one that recognises each).")
  private @Nullable String driver;

  @Option(names = "--size", paramLabel = "SIZE", description = "Of the model (default: 256m).")
  private String size = "256m";

  @Option(names = "--runs", paramLabel = "N", description = "Cold swaps of each (default: 5).")
  private int runs = 5;

  @Option(
      names = "--protocol",
      paramLabel = "N",
      description = "Small artifacts of 1 to 64 KiB, 0 for none (default: 10000).")
  private int protocol = 10_000;

  @Mixin private Workplace workplace = new Workplace();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws CliException, IOException {
    long bytes = Workplace.model(size, runs);
    if (protocol < 0 || protocol > MOST_ARTIFACTS) {
      throw CliException.usage("--protocol must be between 0 and " + MOST_ARTIFACTS, "");
    }
    output.check();
    long needed = bytes * 5 / 2 + ProtocolReads.mostBytes(protocol) + HOME_BYTES;
    List<Path> places = new ArrayList<>();
    try {
      for (Path folder : folders) {
        places.add(Workplace.folder(folder.toAbsolutePath(), needed));
      }
      places.add(Workplace.tmpfs(ramBytes(bytes)));
      Path work = workplace.folder(needed);
      places.add(work);
      MediaReport report = measure(MediaBench.Input.write(work, bytes, protocol), work, places);
      output.print(report);
      return report.missing().isEmpty() ? 0 : CliException.FAILED;
    } finally {
      for (Path place : places) {
        TemporaryGateway.delete(place);
      }
    }
  }

  /** Room for the model and its sibling. */
  private static long ramBytes(long size) {
    return size * 9 / 4 + (64 << 20);
  }

  /** A medium that fails is no reason to lose what was measured on the others. */
  private MediaReport measure(MediaBench.Input input, Path work, List<Path> places)
      throws CliException, IOException {
    PageCache pageCache = PageCache.find();
    List<MediaReport.Medium> media = new ArrayList<>();
    List<Missing> missing = new ArrayList<>();
    long bytes = Files.size(input.base());
    for (int i = 0; i < folders.size(); i++) {
      String shown = folders.get(i).toString();
      Path home = Files.createTempDirectory(work, "gateway");
      try (TemporaryGateway own = Workplace.gateway(home, ramBytes(bytes))) {
        media.add(
            new MediaBench(input, own, System::nanoTime, pageCache, places.get(i), home)
                .run(shown, driver, runs));
      } catch (CliException e) {
        if (folders.size() == 1) {
          throw e;
        }
        missing.add(new Missing(shown, e.describe()));
      }
      TemporaryGateway.delete(home);
    }
    return new MediaReport(bytes, media, missing);
  }
}
