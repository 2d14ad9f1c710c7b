package dev.larder.itest.pax;

import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Builds a codec bundle as a vendor would: from sources of its own, against the API bundle and the
 * annotations alone. Runs outside of the framework.
 */
final class VendorBundle {

  static final String SYMBOLIC_NAME = "com.example.codec.xordeflate";

  private VendorBundle() {}

  /**
   * Compiles and packs the vendor's codec.
   *
   * @param folder where to
   * @return the jar
   */
  static Path build(Path folder) {
    try {
      Path classes = Files.createDirectories(folder.resolve("classes"));
      List<String> classPath = apiAndAnnotations();
      compile(classes, classPath);
      return pack(folder.resolve(SYMBOLIC_NAME + ".jar"), classes, classPath);
    } catch (Exception e) {
      throw new IllegalStateException("the vendor's codec cannot be built", e);
    }
  }

  private static List<String> apiAndAnnotations() {
    List<String> jars =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(
                jar -> jar.matches(".*(larder-api|component\\.annotations|osgi\\.annotation)-.*"))
            .toList();
    if (jars.size() != 3) {
      throw new IllegalStateException("API and annotations are not on the class path: " + jars);
    }
    return jars;
  }

  private static void compile(Path classes, List<String> classPath) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<File> sources;
    try (Stream<Path> files = Files.walk(Path.of(System.getProperty("larder.itest.vendor")))) {
      sources = files.filter(f -> f.toString().endsWith(".java")).map(Path::toFile).toList();
    }
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "--release",
              "17",
              "-proc:none",
              "-d",
              classes.toString(),
              "-classpath",
              classPath.stream().collect(Collectors.joining(File.pathSeparator)));
      boolean done =
          compiler
              .getTask(
                  null, manager, null, options, null, manager.getJavaFileObjectsFromFiles(sources))
              .call();
      if (!done) {
        throw new IllegalStateException("it does not compile against the API");
      }
    }
  }

  private static Path pack(Path target, Path classes, List<String> classPath) throws Exception {
    try (Builder builder = new Builder()) {
      builder.setProperty("Bundle-SymbolicName", SYMBOLIC_NAME);
      builder.setProperty("Bundle-Version", "1.0.0");
      builder.setProperty("Private-Package", SYMBOLIC_NAME);
      builder.setProperty("-noimportjava", "true");
      builder.addClasspath(classes.toFile());
      for (String jar : classPath) {
        builder.addClasspath(new File(jar));
      }
      try (Jar jar = builder.build()) {
        if (!builder.isOk()) {
          throw new IllegalStateException(builder.getErrors() + " " + builder.getWarnings());
        }
        jar.write(target.toFile());
      }
    }
    return target;
  }
}
