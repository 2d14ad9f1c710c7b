package dev.larder.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The version of this program, which the build writes into a resource. */
public final class Version {
  private Version() {}

  /** The version, such as {@code 0.1.0-SNAPSHOT}. */
  public static String read() {
    try (InputStream in = Version.class.getResourceAsStream("version.txt")) {
      if (in == null) {
        throw new IllegalStateException("version.txt is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read version.txt", e);
    }
  }
}
