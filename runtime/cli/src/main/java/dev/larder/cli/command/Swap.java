package dev.larder.cli.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.text.Fields;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder swap}. */
@Command(
    name = "swap",
    header = "Makes an artifact active and prints the path of its file in memory.",
    description = {
      "Puts it into the RAM cache as one file, ready to be mapped. A lease keeps it there.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  larder swap vision/detector:v7",
      "  larder swap vision/detector --lease 1h --pid $$$$"
    })
public final class Swap implements Action {
  private final Session session;

  @Parameters(index = "0", paramLabel = "REF", description = "NAME or NAME:TAG.")
  private String operand = "";

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "How long to wait for the load, which goes on after it (default: 2s).")
  private @Nullable String timeout;

  @Option(
      names = "--lease",
      paramLabel = "DURATION",
      description = "How long the file stays for sure (default: 10m).")
  private @Nullable String lease;

  @Option(
      names = "--pid",
      paramLabel = "PID",
      description = "Process with whose end the lease ends too.")
  private @Nullable Long pid;

  @Option(names = "--pin", description = "Keep it until it is released.")
  private boolean pin;

  /** The command in a session. */
  public Swap(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    JsonObject request = new JsonObject();
    request.addProperty("reference", Arguments.reference(operand));
    if (timeout != null) {
      request.addProperty("timeoutMillis", Arguments.duration(timeout, Duration.ZERO).toMillis());
    }
    if (lease != null) {
      long millis = Arguments.duration(lease, Duration.ZERO).toMillis();
      request.addProperty("leaseSeconds", BigDecimal.valueOf(millis, 3));
    }
    if (pid != null) {
      request.addProperty("pid", pid);
    }
    if (pin) {
      request.addProperty("pin", true);
    }
    JsonElement document = session.gateway().post(Query.of("/v1/swaps"), request);
    session.print(document, List.of(Fields.text(document.getAsJsonObject(), "path")));
    return 0;
  }
}
