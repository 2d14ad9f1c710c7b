package dev.larder.bench;

import dev.larder.cli.CliException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code larder-bench ingest}. */
@Command(
    name = "ingest",
    mixinStandardHelpOptions = true,
    header = "Stores the files of a folder in a gateway, and with cp, zstd, borg and others.",
    description = {
      "Puts all files into a gateway of its own, reads them back and compares; then stores them"
          + " with those of cp, tar, zstd, lz4, borg, restic and casync that are on the PATH, and"
          + " names those that are not. Files are read from the page cache. CPU is that of all"
          + " processes that take part, STORED what the file system has allocated. Needs free space"
          + " of twice the size.",
      ""
    })
final class IngestCommand implements Callable<Integer> {
  /** Of a gateway without content. */
  private static final long HOME_BYTES = 256 << 20;

  @Parameters(index = "0", paramLabel = "DIR", description = "Folder with files of your own kind.")
  private String directory = "";

  @Mixin private Workplace workplace = new Workplace();
  @Mixin private Output output = new Output();

  @Override
  public Integer call() throws CliException, IOException {
    output.check();
    Corpus corpus = Corpus.read(directory);
    Path folder = workplace.folder(2 * corpus.size() + HOME_BYTES);
    try {
      if (folder.toRealPath().startsWith(corpus.root())) {
        throw CliException.usage(
            "--work is inside of " + directory + ", which is what will be stored",
            "take another folder");
      }
      IngestBench bench = new IngestBench(corpus, folder, System::nanoTime);
      bench.gateway();
      bench.peers(System.getenv().getOrDefault("PATH", ""));
      output.print(bench.report());
    } finally {
      TemporaryGateway.delete(folder);
    }
    return 0;
  }
}
