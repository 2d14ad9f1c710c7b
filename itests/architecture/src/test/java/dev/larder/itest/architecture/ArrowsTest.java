package dev.larder.itest.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static dev.larder.itest.architecture.Code.API;
import static dev.larder.itest.architecture.Code.CLASSES;
import static dev.larder.itest.architecture.Code.SPI;
import static dev.larder.itest.architecture.Code.packages;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrows point one way: each module sees what its room may see and nothing else. */
class ArrowsTest {

  /** What a plug-in may use of its own kind: the library that it makes usable, or the folder. */
  private static final Map<String, List<String>> LIBRARIES =
      Map.of(
          "larder-codec-lz4", List.of("net.jpountz..", "org.osgi.framework"),
          "larder-codec-planes", List.of("com.github.luben.zstd.."),
          "larder-codec-zstd", List.of("com.github.luben.zstd.."),
          "larder-media-folder", List.of("com.sun.nio.file"),
          "larder-media-nvme", List.of("dev.larder.media.folder.."),
          "larder-media-emmc", List.of("dev.larder.media.folder.."),
          "larder-media-sd", List.of("dev.larder.media.folder.."),
          "larder-media-pmem", List.of("dev.larder.media.folder.."));

  private static final List<String> OSGI = List.of("org.osgi..");
  private static final List<String> LOG = List.of("org.slf4j..");

  static Stream<Module> bundles() {
    return Module.bundles().stream();
  }

  static Stream<Module> plugIns() {
    return Module.plugIns().stream();
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void everyBundleIsUnderTheRules(Module module) {
    assertThat(CLASSES.that(DescribedPredicate.describe("in", type -> isIn(module, type))))
        .as(
            "classes of %s in %s: is %s a dependency of itests/architecture, and its root package"
                + " as DESIGN says?",
            module, module.packages(), module.artifactId())
        .isNotEmpty();
  }

  private static boolean isIn(Module module, JavaClass type) {
    return JavaClass.Predicates.resideInAnyPackage(module.packages().toArray(String[]::new))
        .test(type);
  }

  @ParameterizedTest
  @MethodSource("plugIns")
  void aPlugInSeesTheApiAndItsLibraryAlone(Module module) {
    only(
            module.packages(),
            module.packages(),
            List.of(API, SPI),
            LIBRARIES.getOrDefault(module.artifactId(), List.of()),
            OSGI)
        .because("a plug-in must build and run against larder.api alone, as a vendor's does")
        .check(CLASSES);
  }

  @Test
  void theApiSeesNothing() {
    only(List.of(API, SPI), List.of(API, SPI))
        .because("an API bundle holds no implementation and imports only java.*")
        .check(CLASSES);
  }

  @Test
  void theStoreSeesTheApi() {
    only(List.of("dev.larder.store.."), List.of(API, SPI, "dev.larder.store.."), LOG)
        .because("one volume is plain Java: no framework, no database, no other module")
        .check(CLASSES);
  }

  @Test
  void theCatalogSeesApiAndStore() {
    only(
            List.of("dev.larder.catalog.."),
            List.of(API, "dev.larder.store", "dev.larder.catalog.."),
            List.of("javax.sql..", "org.h2.."),
            OSGI,
            LOG)
        .check(CLASSES);
  }

  @Test
  void theTierManagerSeesTheContractsOfStoreAndCatalog() {
    only(
            List.of("dev.larder.tiering.."),
            List.of(API, SPI, "dev.larder.store", "dev.larder.catalog", "dev.larder.tiering.."),
            OSGI,
            LOG)
        .because("it knows what a volume and a catalog do, and nothing of how")
        .check(CLASSES);
  }

  @Test
  void theShellSeesTheApiForUsers() {
    only(
            List.of("dev.larder.shell.."),
            List.of("dev.larder.api", "dev.larder.shell.."),
            List.of("org.apache.felix.service.command.."),
            OSGI,
            LOG)
        .check(CLASSES);
  }

  @Test
  void theDoctorSeesTheApiForUsers() {
    only(
            List.of("dev.larder.doctor.."),
            List.of("dev.larder.api", "dev.larder.doctor.."),
            OSGI,
            LOG)
        .check(CLASSES);
  }

  @Test
  void httpSeesTheApiForUsers() {
    only(
            List.of("dev.larder.http.."),
            List.of("dev.larder.api", "dev.larder.http.."),
            List.of(
                "jakarta.servlet..",
                "com.google.gson..",
                "io.prometheus.metrics..",
                "com.sun.management",
                "javax.security.auth.x500"),
            OSGI,
            LOG)
        .check(CLASSES);
  }

  @Test
  void theCliIsAClientOfTheHttpApiWithNoFrameworkInItsProcess() {
    only(List.of("dev.larder.cli.."), List.of("dev.larder.cli..", "picocli..", "com.google.gson.."))
        .because("it starts fast, and speaks to the gateway by HTTP alone")
        .check(CLASSES);
  }

  private static ArchRule only(List<String> subject, List<String> own, List<String>... others) {
    String[] seen =
        Stream.concat(Stream.of(own), Stream.of(others)).toList().stream()
            .flatMap(List::stream)
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAnyPackage(subject.toArray(String[]::new))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(packages(List.of(seen)))
        .as(subject + " sees java.*, annotations and " + List.of(seen))
        .allowEmptyShould(false);
  }
}
