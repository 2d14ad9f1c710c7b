package dev.larder.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** One run of the command line inside the test. */
record Run(int status, String out, String err) {
  static Run of(Path directory, Path home, String... arguments) {
    return withInput(directory, home, "", arguments);
  }

  static Run withInput(Path directory, Path home, String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            out,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            Map.of("LARDER_HOME", home.toString()),
            directory);
    int status = Main.run(new Session(terminal, System::nanoTime), arguments);
    return new Run(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The one document on standard output. */
  JsonElement json() {
    return JsonParser.parseString(out);
  }
}
