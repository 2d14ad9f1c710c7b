package dev.larder.cli.gateway;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.larder.cli.CliException;
import dev.larder.cli.text.Fields;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A gateway's home folder, through which the running gateway is found.
 *
 * @param folder absolute path
 */
public record Home(Path folder) {
  private static final Path INSTALLED = Path.of("/var/lib/larder");

  /** {@code --home}, else {@code $LARDER_HOME}, else the package's, else {@code ./larder-home}. */
  public static Home find(@Nullable String option, Map<String, String> environment) {
    String named = option != null ? option : environment.getOrDefault("LARDER_HOME", "");
    if (!named.isEmpty()) {
      return new Home(Path.of(named).toAbsolutePath().normalize());
    }
    boolean installed = Files.isDirectory(INSTALLED.resolve("conf"));
    return new Home((installed ? INSTALLED : Path.of("larder-home")).toAbsolutePath());
  }

  /**
   * Where the running gateway listens.
   *
   * @throws CliException if none runs, or it has no HTTP
   */
  public URI url() throws CliException {
    JsonObject gateway = gateway();
    long pid = Fields.whole(gateway, "pid");
    if (!lives(pid)) {
      throw notRunning("its last one, process " + pid + ", has ended; ");
    }
    String url = Fields.text(gateway, "url");
    if (url.isEmpty()) {
      throw new CliException(
          "UNAVAILABLE",
          "the gateway of " + folder + " has no HTTP interface",
          "use the gateway distribution, not the minimal one");
    }
    try {
      URI uri = URI.create(url);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw unreadable("its url is '" + url + "'");
  }

  private JsonObject gateway() throws CliException {
    Path file = folder.resolve("run").resolve("gateway.json");
    try {
      return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    } catch (NoSuchFileException e) {
      throw notRunning("");
    } catch (AccessDeniedException e) {
      throw denied(file);
    } catch (IOException | JsonParseException | IllegalStateException e) {
      throw unreadable(String.valueOf(e.getMessage()));
    }
  }

  /** The bearer token of this home's gateway. */
  public String token() throws CliException {
    Path file = folder.resolve("conf").resolve("token");
    try {
      return Files.readString(file).strip();
    } catch (AccessDeniedException e) {
      throw denied(file);
    } catch (IOException e) {
      throw new CliException(
          "UNAUTHORIZED",
          "cannot read the token " + file + " (" + reason(e) + ")",
          "restart the gateway, which makes one if there is none");
    }
  }

  private CliException notRunning(String detail) {
    return new CliException(
        "UNAVAILABLE",
        "no gateway is running for " + folder,
        detail + "start it with 'larder start'");
  }

  private CliException unreadable(String why) {
    return new CliException(
        "IO_ERROR",
        "cannot read " + folder.resolve("run/gateway.json") + ": " + why,
        "restart the gateway");
  }

  private static CliException denied(Path file) {
    return new CliException(
        "UNAUTHORIZED",
        "cannot read " + file + ": permission denied",
        "run as the user that started the gateway");
  }

  private static String reason(IOException e) {
    return e instanceof NoSuchFileException ? "no such file" : String.valueOf(e.getMessage());
  }

  private static boolean lives(long pid) {
    if (pid <= 0) {
      return false;
    }
    return Files.isDirectory(Path.of("/proc/self"))
        ? Files.isDirectory(Path.of("/proc", Long.toString(pid)))
        : ProcessHandle.of(pid).isPresent();
  }
}
