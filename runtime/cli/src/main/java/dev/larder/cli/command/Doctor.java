package dev.larder.cli.command;

import com.google.gson.JsonElement;
import dev.larder.cli.Action;
import dev.larder.cli.CliException;
import dev.larder.cli.Session;
import dev.larder.cli.gateway.Query;
import dev.larder.cli.view.DoctorView;
import picocli.CommandLine.Command;

/** {@code larder doctor}. */
@Command(
    name = "doctor",
    header = "Gives advice on the file systems and devices that the gateway stands on.",
    description = {
      "Looks at what is mounted how, and writes nothing. What it advises is not done by itself.",
      ""
    })
public final class Doctor implements Action {
  private final Session session;

  /** The command in a session. */
  public Doctor(Session session) {
    this.session = session;
  }

  @Override
  public int run() throws CliException {
    JsonElement findings = session.gateway().get(Query.of("/v1/doctor"));
    session.print(findings, DoctorView.findings(findings));
    return 0;
  }
}
