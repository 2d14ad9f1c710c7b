package dev.larder.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A distribution made of the activators of the package {@code sample}. */
final class SampleDistribution {
  private final Path folder;
  private final StringBuilder list = new StringBuilder("# sample\n");

  SampleDistribution(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("etc"));
    Files.createDirectories(folder.resolve("bundles"));
    property(
        "org.osgi.framework.system.packages.extra=org.slf4j;version=2.0.20,"
            + "org.osgi.service.log;version=1.5\nlarder.version=1.2.3\nlarder.ready=sample.ready\n");
  }

  SampleDistribution property(String lines) throws IOException {
    Files.writeString(folder.resolve("etc/framework.properties"), lines);
    return this;
  }

  SampleDistribution bundle(int startLevel, Class<?> activator) throws IOException {
    String file = activator.getSimpleName() + ".jar";
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", activator.getSimpleName());
    headers.putValue("Bundle-Activator", activator.getName());
    headers.putValue("Import-Package", "org.osgi.framework,org.slf4j");
    String path = activator.getName().replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(folder.resolve("bundles").resolve(file));
        JarOutputStream jar = new JarOutputStream(out, manifest);
        InputStream bytes = activator.getClassLoader().getResourceAsStream(path)) {
      jar.putNextEntry(new JarEntry(path));
      bytes.transferTo(jar);
    }
    return line(startLevel + " " + file);
  }

  SampleDistribution line(String text) throws IOException {
    list.append(text).append('\n');
    Files.writeString(folder.resolve("etc/bundles.list"), list);
    return this;
  }
}
