package dev.larder.cli;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds a command.
 *
 * @param in standard input
 * @param rawOut standard output, unbuffered and with its errors, for content
 * @param out standard output, for text
 * @param err standard error
 * @param errIsTerminal whether a person may be looking at standard error
 * @param environment variables of the process
 * @param directory that relative paths start from
 */
public record Terminal(
    InputStream in,
    OutputStream rawOut,
    PrintStream out,
    PrintStream err,
    boolean errIsTerminal,
    Map<String, String> environment,
    Path directory) {

  /** Turns an operand into a path. */
  public Path path(String operand) {
    return directory.resolve(operand);
  }

  /** An environment variable. */
  public @Nullable String variable(String name) {
    return environment.get(name);
  }
}
