package dev.larder.cli.command;

import com.google.gson.JsonObject;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Progress;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Gateway;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.http.Response;
import dev.larder.cli.text.Durations;
import dev.larder.cli.text.Names;
import dev.larder.cli.view.ArtifactView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder get}. */
@Command(
    name = "get",
    header = "Writes an artifact's content to a file.",
    description = {
      "The file appears under its name only when all of it is there and its SHA-256 is right.",
      ""
    })
public final class Get implements Action {
  private static final int BUFFER = 128 * 1024;

  private final Session session;

  @Parameters(index = "0", paramLabel = "REF", description = "NAME or NAME:TAG.")
  private String operand = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE|-",
      description =
          "File to write, or a folder for it; '-' for standard output (default: the last part of"
              + " NAME here, if there is no such file).")
  private @Nullable String output;

  /** The command in a session. */
  public Get(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    String reference = Arguments.reference(operand);
    boolean toStandardOutput = "-".equals(output);
    if (toStandardOutput && session.common().json()) {
      throw CliException.usage(
          "--json and '-o -' both write to standard output", "use one of them");
    }
    Path file = toStandardOutput ? null : file(reference);
    long start = session.nanoTime();
    Gateway gateway = session.gateway();
    try (Response response = gateway.open(Query.of("/v1/content").with("ref", reference));
        Target target = target(file, start)) {
      JsonObject result = receive(gateway, reference, response, target);
      result.add("millis", Durations.millisOf(session.nanoTime() - start));
      if (file != null) {
        result.addProperty("path", file.toString());
        session.print(result, List.of(ArtifactView.got(reference, result)));
      }
      return 0;
    } catch (IOException e) {
      throw gateway.broken(e);
    }
  }

  private Target target(@Nullable Path file, long suffix) throws CliException {
    return file == null
        ? Target.standardOutput(session.terminal().rawOut())
        : Target.file(file, suffix);
  }

  private Path file(String reference) throws CliException {
    String name = Names.lastComponent(reference);
    if (output != null) {
      if (output.isEmpty()) {
        throw CliException.usage("the file's name is empty", "use -o FILE or '-o -'");
      }
      Path file = session.terminal().path(output);
      return Files.isDirectory(file) ? file.resolve(name) : file;
    }
    Path file = session.terminal().path(name);
    if (Files.exists(file)) {
      throw new CliException(
          "ALREADY_EXISTS", name + " exists already", "name a file with -o to replace it");
    }
    return file;
  }

  private JsonObject receive(Gateway gateway, String reference, Response response, Target target)
      throws CliException {
    MessageDigest sha256 = sha256();
    long size = 0;
    try (Progress progress = new Progress(session, "get " + reference, response.length())) {
      byte[] buffer = new byte[BUFFER];
      for (int n = read(gateway, response, buffer); n >= 0; n = read(gateway, response, buffer)) {
        sha256.update(buffer, 0, n);
        target.write(buffer, n);
        size += n;
        progress.add(n);
      }
    }
    String digest = HexFormat.of().formatHex(sha256.digest());
    String expected = response.header("etag").replace("\"", "");
    if (!expected.isEmpty() && !expected.equals(digest)) {
      throw new CliException(
          "CORRUPT",
          "what arrived of " + reference + " has SHA-256 " + digest + ", not " + expected,
          "try again; run 'larder scrub' if it happens again");
    }
    target.complete();
    JsonObject result = new JsonObject();
    result.addProperty("reference", reference);
    result.addProperty("digest", digest);
    result.addProperty("size", size);
    return result;
  }

  private static int read(Gateway gateway, Response response, byte[] buffer) throws CliException {
    try {
      return response.body().read(buffer);
    } catch (IOException e) {
      throw gateway.cut(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
