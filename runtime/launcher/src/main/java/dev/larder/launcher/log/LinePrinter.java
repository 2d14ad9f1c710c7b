package dev.larder.launcher.log;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Takes what is printed, and hands it on line by line. Long lines are cut into pieces. */
final class LinePrinter extends OutputStream {
  private static final int LONGEST_LINE = 4096;

  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);

  private LinePrinter(Consumer<String> lines) {
    this.lines = lines;
  }

  static PrintStream to(Consumer<String> lines) {
    return new PrintStream(new LinePrinter(lines), true, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(int b) {
    if (b != '\n') {
      line.write(b);
    }
    if (b == '\n' || line.size() >= LONGEST_LINE) {
      String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
      line.reset();
      if (!text.isEmpty()) {
        lines.accept(text);
      }
    }
  }
}
