package dev.larder.itest.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static dev.larder.itest.architecture.Code.CLASSES;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What code in a gateway does not do. */
class MannersTest {

  private static final Set<String> WALL_CLOCKS =
      Set.of("java.lang.System.currentTimeMillis", Instant.class.getName() + ".now");

  private static final String[] PLUG_INS = {
    "dev.larder.media..", "dev.larder.codec..", "dev.larder.chunker..", "dev.larder.policy.."
  };

  /** The programs: what has a main method of its own. */
  private static final DescribedPredicate<JavaClass> PROGRAMS =
      resideInAnyPackage("dev.larder.launcher..", "dev.larder.cli..", "dev.larder.bench..");

  @Test
  void onlyProgramsEndTheProcess() {
    noClasses()
        .that(DescribedPredicate.not(PROGRAMS))
        .should()
        .callMethodWhere(calls("java.lang.System.exit", "java.lang.Runtime.exit"))
        .orShould()
        .callMethodWhere(calls("java.lang.Runtime.halt"))
        .check(CLASSES);
  }

  @Test
  void bundlesWaitForEventsAndNotForTime() {
    bundles()
        .should()
        .callMethodWhere(calls("java.lang.Thread.sleep", "java.util.concurrent.TimeUnit.sleep"))
        .because("a sleep can neither be ended nor be tested")
        .check(CLASSES);
  }

  @Test
  void bundlesAskNoWallClock() {
    bundles()
        .and()
        .resideOutsideOfPackage("..osgi..") // where a clock may come in from
        .should()
        .callMethodWhere(calls(WALL_CLOCKS.toArray(String[]::new)))
        .because(
            "gateways boot without a clock: durations are monotonic, and a wall clock for people"
                + " is handed in")
        .check(CLASSES);
  }

  @Test
  void nobodyLogsThroughTheJdk() {
    noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging").check(CLASSES);
  }

  @Test
  void nobodyPrintsStackTraces() {
    noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "prints a stack trace to the process's stream",
                call ->
                    call.getName().equals("printStackTrace")
                        && call.getTarget().getRawParameterTypes().isEmpty()
                        && call.getTargetOwner().isAssignableTo(Throwable.class)))
        .because("it goes where nobody looks; log it or let it pass")
        .check(CLASSES);
  }

  @Test
  void bundlesDoNotWriteToTheProcessStreams() {
    noClasses()
        .that(DescribedPredicate.not(PROGRAMS))
        .and()
        .resideOutsideOfPackage("dev.larder.shell..")
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
        .check(CLASSES);
  }

  @Test
  void plugInsStartNoThreads() {
    noClasses()
        .that()
        .resideInAnyPackage(PLUG_INS)
        .should()
        .callConstructorWhere(
            DescribedPredicate.describe(
                "makes a thread", call -> call.getTargetOwner().isAssignableTo(Thread.class)))
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.Executors")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(ThreadLocal.class)
        .because("a plug-in that is stopped must leave nothing behind")
        .check(CLASSES);
  }

  private static GivenClassesConjunction bundles() {
    return noClasses().that(DescribedPredicate.not(PROGRAMS));
  }

  private static DescribedPredicate<JavaMethodCall> calls(String... methods) {
    Set<String> names = Set.of(methods);
    return DescribedPredicate.describe(
        "is one of " + names,
        call -> names.contains(call.getTargetOwner().getName() + "." + call.getName()));
  }
}
