package dev.larder.itest.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.larder.itest.architecture.Code.CLASSES;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is inside a module stays inside, and a framework stays outside of the logic. */
class WallsTest {

  /** Where a module meets the framework. */
  private static final DescribedPredicate<JavaClass> SHELL =
      resideInAnyPackage("..osgi..", "..internal..", "dev.larder.shell..");

  private static final DescribedPredicate<JavaClass> FRAMEWORK =
      resideInAnyPackage("org.osgi..")
          .and(DescribedPredicate.not(resideInAnyPackage(Code.ANNOTATIONS.toArray(String[]::new))))
          .as("OSGi classes that a framework brings");

  static Stream<Module> bundles() {
    return Module.bundles().stream();
  }

  @Test
  void nobodySeesTheInsideOfAnotherModule() {
    classes()
        .that()
        .resideInAPackage("dev.larder..")
        .and()
        .resideOutsideOfPackage("dev.larder.bench..")
        .should(seeOnlyExportedPackagesOfOthers())
        .because("what is not exported may change any day")
        .check(CLASSES);
  }

  @Test
  void logicKnowsNoFramework() {
    noClasses()
        .that()
        .resideInAPackage("dev.larder..")
        .and()
        .resideOutsideOfPackages("dev.larder.launcher..", "dev.larder.configuration..")
        .and(DescribedPredicate.not(SHELL))
        .should()
        .dependOnClassesThat(FRAMEWORK)
        .because("OSGi is a thin shell around plain Java that is built and tested without it")
        .check(CLASSES);
  }

  @ParameterizedTest
  @MethodSource("bundles")
  void thePackagesOfAModuleHaveNoCycles(Module module) {
    DescribedPredicate<JavaClass> own =
        resideInAnyPackage(module.packages().toArray(String[]::new));
    slices()
        .assignedFrom(packagesOf(module, own))
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  private static SliceAssignment packagesOf(Module module, DescribedPredicate<JavaClass> own) {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return own.test(type) ? SliceIdentifier.of(sliceOf(type)) : SliceIdentifier.ignore();
      }

      @Override
      public String getDescription() {
        return "packages of " + module;
      }
    };
  }

  /**
   * A module's contract is in its exported package, and with it the class by which one gets in.
   * That one may see the inside, which stands on the rest of the contract.
   */
  private static String sliceOf(JavaClass type) {
    String name = type.getPackageName();
    boolean entry =
        Code.exported(type)
            && type.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass().getPackageName())
                .anyMatch(target -> target.startsWith(name + "."));
    return entry ? name + " (entry)" : name;
  }

  private static ArchCondition<JavaClass> seeOnlyExportedPackagesOfOthers() {
    return new ArchCondition<>("see only exported packages of other modules") {
      @Override
      public void check(JavaClass from, ConditionEvents events) {
        from.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> crosses(from, dependency.getTargetClass()))
            .forEach(
                dependency ->
                    events.add(SimpleConditionEvent.violated(from, dependency.getDescription())));
      }
    };
  }

  private static boolean crosses(JavaClass from, JavaClass to) {
    JavaClass target = to.getBaseComponentType();
    boolean ours = target.getPackageName().startsWith("dev.larder.");
    return ours
        && !sameModule(from, target)
        && !Code.exported(target)
        && !standsOnFolder(from, target);
  }

  private static boolean sameModule(JavaClass a, JavaClass b) {
    return moduleOf(a).equals(moduleOf(b));
  }

  /** The part of a package's name that says which module it is from. */
  private static String moduleOf(JavaClass type) {
    String name = type.getPackageName();
    Optional<Module> bundle =
        bundles()
            .filter(
                module ->
                    name.equals(module.rootPackage())
                        || name.startsWith(module.rootPackage() + "."))
            .findFirst();
    if (bundle.isPresent()) {
      return bundle.get().artifactId();
    }
    return name.startsWith("dev.larder.spi.") ? "larder-api" : "larder-" + name.split("\\.")[2];
  }

  /** The drivers of single media carry their own copy of the folder driver. */
  private static boolean standsOnFolder(JavaClass from, JavaClass to) {
    return from.getPackageName().startsWith("dev.larder.media.")
        && to.getPackageName().equals("dev.larder.media.folder");
  }
}
