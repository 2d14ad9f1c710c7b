package dev.larder.itest.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The main classes of all modules, and names of packages that several rules need. */
final class Code {

  /** Read once: all rules look at the same classes. */
  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/itest/"))
          .importPackages("dev.larder");

  /** Read by tools only; nothing is loaded from them while a gateway runs. */
  static final List<String> ANNOTATIONS =
      List.of(
          "org.osgi.annotation..",
          "org.osgi.service.component.annotations..",
          "org.osgi.service.component.propertytypes..",
          "org.osgi.service.metatype.annotations..",
          "org.osgi.service.event.propertytypes..",
          "org.osgi.service.servlet.whiteboard.propertytypes..",
          "org.jspecify.annotations..");

  static final String API = "dev.larder.api..";
  static final String SPI = "dev.larder.spi..";

  private Code() {}

  /** Lists of package patterns as one array, the annotations with them. */
  @SafeVarargs
  static String[] packages(List<String>... lists) {
    List<String> all = new ArrayList<>(ANNOTATIONS);
    all.add("java..");
    Stream.of(lists).forEach(all::addAll);
    return all.toArray(String[]::new);
  }

  /** Whether other modules may see the package of that class. */
  static boolean exported(JavaClass type) {
    return type.getPackage().isAnnotatedWith("org.osgi.annotation.bundle.Export");
  }
}
