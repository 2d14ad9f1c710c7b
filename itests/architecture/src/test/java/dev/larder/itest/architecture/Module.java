package dev.larder.itest.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A module of the source tree. What it is called follows from its folder alone, so a module that is
 * added later is under the rules from its first build on.
 *
 * @param group first part of the folder, such as {@code codecs}
 * @param folder where it is
 * @param artifactId as the POM must name it
 */
record Module(String group, Path folder, String artifactId) {

  /** Modules that become bundles, in the order of DESIGN: core first. */
  private static final List<String> BUNDLE_GROUPS =
      List.of("bundles", "media-drivers", "codecs", "policies");

  private static final Path ROOT = Path.of(System.getProperty("larder.root", "../..")).normalize();

  /** All modules that become bundles of a distribution. */
  static List<Module> bundles() {
    List<Module> all = new ArrayList<>();
    BUNDLE_GROUPS.forEach(group -> all.addAll(in(group)));
    return all;
  }

  /** The bundles that are not the core: what others may add to. */
  static List<Module> plugIns() {
    return bundles().stream().filter(module -> !module.group.equals("bundles")).toList();
  }

  private static List<Module> in(String group) {
    try (Stream<Path> folders = Files.list(ROOT.resolve(group))) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("pom.xml")))
          .sorted()
          .map(folder -> new Module(group, folder, artifactIdOf(group, folder)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String artifactIdOf(String group, Path folder) {
    String name = folder.getFileName().toString();
    String prefix =
        switch (group) {
          case "media-drivers" -> "media-";
          case "codecs" -> name.startsWith("chunker-") ? "" : "codec-";
          case "policies" -> "policy-";
          default -> "";
        };
    return "larder-" + prefix + name;
  }

  /** {@code larder.codec.zstd}. */
  String symbolicName() {
    return artifactId.replace('-', '.');
  }

  /** {@code dev.larder.codec.zstd}; a word that Java keeps for itself has a stand-in. */
  String rootPackage() {
    return ("dev." + symbolicName()).replaceFirst("\\.class$", ".kind");
  }

  /** The packages that its own classes are in, as ArchUnit writes them. */
  List<String> packages() {
    return artifactId.equals("larder-api")
        ? List.of("dev.larder.api..", "dev.larder.spi..")
        : List.of(rootPackage() + "..");
  }

  /** Its jar, once it is packaged. */
  Path jar() {
    try (Stream<Path> files = Files.list(folder.resolve("target"))) {
      return files
          .filter(file -> isJarOfThis(file.getFileName().toString()))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(notBuilt()));
    } catch (IOException e) {
      throw new UncheckedIOException(notBuilt(), e);
    }
  }

  private boolean isJarOfThis(String file) {
    return file.matches(artifactId + "-[0-9][0-9.]*(-SNAPSHOT)?\\.jar");
  }

  private String notBuilt() {
    return folder + " has no " + artifactId + " jar in target/: build it with mvn package";
  }

  @Override
  public String toString() {
    return group + "/" + folder.getFileName();
  }
}
