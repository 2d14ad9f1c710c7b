package dev.larder.itest.gateway;

import java.nio.file.Files;
import java.nio.file.Path;

/** The sample files of the project, and the larger collection that may lie beside it. */
public final class Samples {
  /** Shipped with the project. */
  public static final Path FOLDER = Path.of(System.getProperty("larder.samples")).normalize();

  /** Not shipped, and optional. */
  public static final Path CORPORA = Path.of(System.getProperty("larder.corpora")).normalize();

  private Samples() {}

  public static boolean hasCorpora() {
    return Files.isDirectory(CORPORA);
  }
}
