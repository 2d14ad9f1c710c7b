package dev.larder.itest.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the built bundles say of themselves. */
class ManifestIT {

  /** One clause of a header starts with its package; quoted text is taken out before. */
  private static final Pattern PACKAGE = Pattern.compile("(?:^|,)\\s*([A-Za-z_][\\w.]*)");

  private static final Set<String> CORE_EXPORTS = Set.of("dev.larder.store", "dev.larder.catalog");

  static Stream<Module> bundles() {
    return Module.bundles().stream();
  }

  static Stream<Module> plugIns() {
    return Module.plugIns().stream();
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void theSymbolicNameFollowsFromTheFolder(Module module) throws IOException {
    assertThat(header(module, "Bundle-SymbolicName").split(";")[0])
        .isEqualTo(module.symbolicName());
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void aBundleExportsOnlyContracts(Module module) throws IOException {
    Set<String> exports = packages(header(module, "Export-Package"));
    if (module.artifactId().equals("larder-api")) {
      assertThat(exports)
          .isNotEmpty()
          .allMatch(name -> name.equals("dev.larder.api") || name.startsWith("dev.larder.spi."));
    } else {
      assertThat(exports).isSubsetOf(CORE_EXPORTS).allMatch(module.rootPackage()::equals);
    }
  }

  @ParameterizedTest
  @MethodSource("plugIns")
  void aPlugInExportsNothingAndNeedsOfLarderTheApiAlone(Module module) throws IOException {
    assertThat(packages(header(module, "Export-Package"))).isEmpty();
    assertThat(packages(header(module, "Import-Package")))
        .filteredOn(name -> name.startsWith("dev.larder"))
        .isNotEmpty()
        .allMatch(name -> name.equals("dev.larder.api") || name.startsWith("dev.larder.spi."));
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void noBundleNeedsWhatOnlyTheCompilerReads(Module module) throws IOException {
    assertThat(packages(header(module, "Import-Package")))
        .noneMatch(name -> name.startsWith("org.jspecify"))
        .noneMatch(name -> name.startsWith("org.osgi.annotation"))
        .noneMatch(name -> name.startsWith("com.google.errorprone"));
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void theClassesOfABundleAreUnderItsRootPackage(Module module) throws IOException {
    Set<String> roots =
        module.packages().stream()
            .map(name -> name.replace("..", "").replace('.', '/') + "/")
            .collect(Collectors.toCollection(TreeSet::new));
    if (module.group().equals("media-drivers")) {
      roots.add("dev/larder/media/folder/"); // each driver carries its own copy
    }
    try (JarFile jar = new JarFile(module.jar().toFile())) {
      assertThat(jar.stream().map(entry -> entry.getName()))
          .filteredOn(name -> name.endsWith(".class") && name.startsWith("dev/larder/"))
          .isNotEmpty()
          .allMatch(name -> roots.stream().anyMatch(name::startsWith));
    }
  }

  private static String header(Module module, String name) throws IOException {
    try (JarFile jar = new JarFile(module.jar().toFile())) {
      Manifest manifest = jar.getManifest();
      String value = manifest.getMainAttributes().getValue(name);
      return value == null ? "" : value;
    }
  }

  private static Set<String> packages(String header) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = PACKAGE.matcher(header.replaceAll("\"[^\"]*\"", "\"\""));
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }
}
