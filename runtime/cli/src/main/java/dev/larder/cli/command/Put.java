package dev.larder.cli.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Progress;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.http.Body;
import dev.larder.cli.text.Names;
import dev.larder.cli.view.ArtifactView;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder put}. */
@Command(
    name = "put",
    header = "Stores a file under a name.",
    description = {
      "When the command returns, the artifact is durable: it survives a power cut. Content that the tier holds already is not stored again.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  larder put detector.onnx",
      "  larder put detector.onnx --name vision/detector:v7",
      "  tar c logs | larder put - --name logs/monday --kind protocol",
      "  larder put --recursive dbc/ --prefix can"
    })
public final class Put implements Action {
  /** More than this are stored in several groups. */
  private static final int GROUP = 10_000;

  private final Session session;

  @Parameters(
      index = "0",
      paramLabel = "FILE|-|DIR",
      description = "File to store; '-' for standard input; a folder with --recursive.")
  private String operand = "";

  @Option(
      names = "--name",
      paramLabel = "NAME[:TAG]",
      description = "Name it gets (default: the file's name, with tag 'latest').")
  private @Nullable String name;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "'model' or 'protocol' (default: by the name's extension).")
  private @Nullable String kind;

  @Option(
      names = "--tier",
      paramLabel = "TIER",
      description = "Tier to store it on (default: the placement rule chooses).")
  private @Nullable String tier;

  @Option(
      names = "--predecessor",
      paramLabel = "REF",
      description = "Artifact that it is a new version of (default: the last under its name).")
  private @Nullable String predecessor;

  @Option(
      names = "--strict",
      description = "Refuse rather than store on a tier that is slower than its kind asks for.")
  private boolean strict;

  @Option(
      names = {"-r", "--recursive"},
      description =
          "Store all files in a folder, hidden ones too, as PREFIX/RELATIVE/PATH:latest, in one"
              + " group. Symbolic links are left out.")
  private boolean recursive;

  @Option(
      names = "--prefix",
      paramLabel = "PREFIX",
      description = "What the names begin with (only with --recursive).")
  private @Nullable String prefix;

  /** The command in a session. */
  public Put(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    kind = Arguments.oneOf(kind, "--kind", "model", "protocol");
    if (recursive) {
      return putAll();
    }
    if (prefix != null) {
      throw CliException.usage("--prefix needs --recursive", "use --name for a single file");
    }
    return putOne();
  }

  private int putOne() throws CliException {
    Source source = operand.equals("-") ? null : source();
    String reference = reference();
    String before = Arguments.optionalReference(predecessor);
    try (Progress progress =
        new Progress(session, "put " + reference, source == null ? -1 : source.size())) {
      Body body =
          source == null
              ? new StreamBody(session.terminal().in(), progress)
              : new FileBody(source, progress);
      Query query =
          Query.of("/v1/artifacts")
              .with("ref", reference)
              .with("kind", kind)
              .with("tier", tier)
              .with("predecessor", before)
              .with("strict", strict ? "true" : null);
      JsonElement document = session.gateway().send("PUT", query, body);
      progress.close();
      session.print(document, ArtifactView.put(document.getAsJsonObject()));
    }
    return 0;
  }

  private Source source() throws CliException {
    if (operand.isEmpty()) {
      throw CliException.usage("the file's name is empty", "name a file, or '-'");
    }
    return Source.of(session.terminal().path(operand), operand);
  }

  private String reference() throws CliException {
    if (name != null) {
      return Arguments.reference(name);
    }
    if (operand.equals("-")) {
      throw CliException.usage("standard input has no name", "give one with --name NAME[:TAG]");
    }
    Path file = session.terminal().path(operand).normalize().getFileName();
    return Arguments.reference(Names.componentOf(file == null ? "" : file.toString()));
  }

  private int putAll() throws CliException {
    if (name != null || predecessor != null || operand.equals("-")) {
      throw CliException.usage(
          "--recursive takes a folder, and neither --name nor --predecessor",
          "use --prefix for what the names begin with");
    }
    Folder folder = folder();
    folder.skipped().forEach(path -> session.note("left out, no regular file: " + path));
    List<Folder.Item> items = folder.items();
    if (items.isEmpty()) {
      throw new CliException("NOT_FOUND", "there is no file in " + operand, "check the path");
    }
    JsonArray results = new JsonArray();
    for (int from = 0; from < items.size(); from += GROUP) {
      results.addAll(group(items.subList(from, Math.min(items.size(), from + GROUP))));
    }
    session.print(results, ArtifactView.putAll(results));
    return 0;
  }

  private Folder folder() throws CliException {
    try {
      return Folder.read(session.terminal().path(operand).normalize(), operand, prefix);
    } catch (IllegalArgumentException e) {
      throw CliException.usage("--prefix: " + e.getMessage(), "");
    }
  }

  private JsonArray group(List<Folder.Item> items) throws CliException {
    long total = items.stream().mapToLong(item -> item.source().size()).sum();
    try (Progress progress = new Progress(session, "put " + items.size() + " files", total)) {
      Body body = new BatchBody(items, kind, tier, strict, progress);
      return session.gateway().send("POST", Query.of("/v1/batches"), body).getAsJsonArray();
    }
  }
}
