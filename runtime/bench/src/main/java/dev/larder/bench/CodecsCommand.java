package dev.larder.bench;

import dev.larder.cli.CliException;
import dev.larder.cli.text.Sizes;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder-bench codecs}. */
@Command(
    name = "codecs",
    mixinStandardHelpOptions = true,
    header = "Measures every codec on the blocks of every chunker, for each kind of data.",
    description = {
      "Cuts the files in a folder with each chunker, encodes every different block with each codec"
          + " on one thread, decodes it and compares. Kinds are those of a MANIFEST.tsv in the"
          + " folder (columns 'file' and 'kind'), else found by name and content: fp32, fp16, bf16,"
          + " int8, gguf, protocol, other. Needs no gateway, and memory of twice the sample.",
      ""
    })
final class CodecsCommand implements Callable<Integer> {
  private static final double MOST_SECONDS = 60;
  private static final long LEAST_SAMPLE = 1 << 20;
  private static final long MOST_SAMPLE = 1 << 30;

  @Parameters(index = "0", paramLabel = "DIR", description = "Folder with files of your own kind.")
  private String directory = "";

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "CPU time for each rate, one pass in any case (default: 0.2).")
  private double seconds = 0.2;

  @Option(
      names = "--sample",
      paramLabel = "SIZE",
      description = "What is measured of each kind at the most (default: 64m).")
  private String sample = "64m";

  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws CliException {
    long bytes = Workplace.bytes("--sample", sample);
    if (bytes < LEAST_SAMPLE || bytes > MOST_SAMPLE) {
      throw CliException.usage("--sample must be between 1m and 1g", "");
    }
    if (bytes > Runtime.getRuntime().maxMemory() / 3) {
      throw new CliException(
          "UNAVAILABLE",
          "a sample of " + Sizes.format(bytes) + " needs more memory than Java takes here",
          "take a smaller --sample, or set LARDER_JAVA_OPTIONS=-Xmx" + (4 * bytes >> 20) + "m");
    }
    if (!(seconds >= 0 && seconds <= MOST_SECONDS)) {
      throw CliException.usage("--seconds must be between 0 and 60", "");
    }
    output.check();
    Corpus corpus = Corpus.read(directory);
    Kinds kinds = Kinds.in(corpus.root());
    long least = (long) (seconds * 1e9);
    // CPU time of this thread: what else runs on the machine does not count.
    LongSupplier clock = ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime;
    output.print(new CodecsBench(corpus, kinds, (int) bytes, least, clock).run());
    return 0;
  }
}
