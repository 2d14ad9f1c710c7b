package dev.larder.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.larder.api.Digest;
import dev.larder.cli.CliException;
import dev.larder.cli.http.Response;
import dev.larder.cli.text.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Stores the files of a folder in a gateway, and with the other tools that are there. */
final class IngestBench {
  /** Nothing is swapped. */
  private static final long RAM_CACHE = 64 << 20;

  private final Corpus corpus;
  private final Path folder;
  private final LongSupplier nanoTime;
  private final List<IngestReport.Row> rows = new ArrayList<>();
  private final List<Missing> missing = new ArrayList<>();

  /**
   * A measurement.
   *
   * @param corpus what is stored
   * @param folder for all that is written, on the medium to be measured
   */
  IngestBench(Corpus corpus, Path folder, LongSupplier nanoTime) {
    this.corpus = corpus;
    this.folder = folder;
    this.nanoTime = nanoTime;
  }

  IngestReport report() {
    return new IngestReport(corpus.files().size(), corpus.size(), rows, missing, corpus.notes());
  }

  /** Puts all files into a gateway, reads them back and compares. */
  void gateway() throws CliException, IOException {
    List<Digest> digests = digests();
    IngestReport.Times times;
    try (TemporaryGateway own = Workplace.gateway(folder, RAM_CACHE)) {
      Calls calls = new Calls(own.gateway());
      calls.waitIdle();
      long pid = Fields.whole(own.gateway().health(), "pid");
      Path results = folder.resolve("put.json");
      long cpu = CpuTime.of(pid);
      IngestReport.Times client =
          measure(() -> own.command(results, "put", "--recursive", corpus.root().toString()));
      cpu = CpuTime.of(pid) - cpu + client.cpu();
      times = new IngestReport.Times(client.wall(), client.sync(), cpu);
      compare(calls, digests, Fields.objects(JsonParser.parseString(Files.readString(results))));
      calls.waitIdle();
      calls.collect();
    }
    Path home = folder.resolve("home");
    long stored = Tool.allocated(home.resolve("tiers"), home.resolve("catalog"));
    rows.add(new IngestReport.Row("larder put --recursive", times, stored));
  }

  /** Reads all files, so that none of the tools finds them cold. */
  private List<Digest> digests() throws CliException {
    List<Digest> digests = new ArrayList<>();
    for (Corpus.Item item : corpus.files()) {
      digests.add(Sha256.of(item.path()));
    }
    return digests;
  }

  /** The results are in the order of the files. */
  private void compare(Calls calls, List<Digest> digests, List<JsonObject> results)
      throws CliException, IOException {
    if (results.size() != digests.size()) {
      throw new CliException(
          "IO_ERROR",
          results.size() + " files were stored, not " + digests.size(),
          "let nothing else write to " + corpus.root());
    }
    for (int i = 0; i < results.size(); i++) {
      String reference = Fields.text(results.get(i), "reference");
      try (Response response = calls.content(reference)) {
        if (!Sha256.of(response.body()).equals(digests.get(i))) {
          throw new CliException(
              "CORRUPT",
              "what came back as " + reference + " is not " + corpus.files().get(i).path(),
              "let nothing else write to it, and try again");
        }
      }
    }
  }

  /** Stores all files with the other tools that are on a search path. */
  void peers(String searchPath) throws CliException, IOException {
    Path output = folder.resolve("output");
    Path state = folder.resolve("state");
    for (Peer peer : Peer.all(corpus.root(), output, state)) {
      String absent = peer.absent(searchPath);
      if (absent.isEmpty()) {
        Files.createDirectory(output);
        Files.createDirectory(state);
        run(peer, output);
        TemporaryGateway.delete(output);
        TemporaryGateway.delete(state);
      } else {
        missing.add(new Missing(peer.name(), absent));
      }
    }
  }

  /** One that does not work here is no reason to lose what was measured. */
  private void run(Peer peer, Path output) {
    try {
      for (List<String> command : peer.before()) {
        Tool.run(peer.environment(), command);
      }
      IngestReport.Times times = measure(() -> Tool.run(peer.environment(), peer.command()));
      rows.add(new IngestReport.Row(peer.name(), times, Tool.allocated(output)));
    } catch (CliException e) {
      missing.add(new Missing(peer.name(), e.describe()));
    }
  }

  private interface Work {
    void run() throws CliException;
  }

  /** What others have left unwritten is written before, what this leaves is timed. */
  private IngestReport.Times measure(Work work) throws CliException {
    sync();
    long cpu = CpuTime.ofChildren();
    long start = nanoTime.getAsLong();
    work.run();
    long end = nanoTime.getAsLong();
    long used = CpuTime.ofChildren() - cpu;
    sync();
    return new IngestReport.Times(end - start, nanoTime.getAsLong() - end, used);
  }

  private void sync() throws CliException {
    Tool.run(Map.of(), List.of("sync", "-f", folder.toString()));
  }
}
