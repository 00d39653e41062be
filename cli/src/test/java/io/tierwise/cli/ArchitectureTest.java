package io.tierwise.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.tierwise.router.Cascade;
import java.io.Serializable;
import java.io.UncheckedIOException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Which room may see which. Rooms that are still empty hold every rule. */
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          // JMH writes it, the way it does.
          .withImportOption(location -> !location.contains("/jmh_generated/"))
          .importPackages("io.tierwise");

  @Test
  void theRulesSeeTheProject() {
    assertTrue(CLASSES.contain(Cascade.class));
  }

  /** So no I/O, no HTTP, no AWS, no engine, no JSON: it runs wherever Java does. */
  @Test
  void theRouterKnowsOnlyItselfTheLanguageAndTheBinomial() {
    DescribedPredicate<JavaClass> pure =
        JavaClass.Predicates.resideInAnyPackage(
                "io.tierwise.router..",
                "java.lang..",
                "java.math..",
                "java.nio.charset..",
                "java.time..",
                "java.util..",
                "org.apache.commons.statistics.distribution..",
                "org.jspecify.annotations..")
            .or(JavaClass.Predicates.equivalentTo(UncheckedIOException.class))
            // A mark, no I/O: reports travel from worker JVMs.
            .or(JavaClass.Predicates.equivalentTo(Serializable.class))
            .as("are pure");
    classes()
        .that()
        .resideInAPackage("io.tierwise.router..")
        .should()
        .onlyDependOnClassesThat(pure)
        .check(CLASSES);
  }

  @Test
  void theRoutersPackagesAreFreeOfCycles() {
    slices().matching("io.tierwise.router.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void dependenciesRunOneWay() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("router")
        .definedBy("io.tierwise.router..")
        .layer("student")
        .definedBy("io.tierwise.student..")
        .layer("gateway")
        .definedBy("io.tierwise.gateway..")
        .layer("distill")
        .definedBy("io.tierwise.distill..")
        .layer("bench")
        .definedBy("io.tierwise.bench..")
        .layer("cli")
        .definedBy("io.tierwise.cli..")
        .layer("infra/local")
        .definedBy("io.tierwise.local..")
        .layer("infra/aws")
        .definedBy("io.tierwise.aws..")
        .layer("functions")
        .definedBy("io.tierwise.functions..")
        .whereLayer("router")
        .mayNotAccessAnyLayer()
        .whereLayer("student")
        .mayOnlyAccessLayers("router")
        .whereLayer("gateway")
        .mayOnlyAccessLayers("router", "student")
        .whereLayer("distill")
        .mayOnlyAccessLayers("router", "student", "gateway")
        .whereLayer("bench")
        .mayOnlyAccessLayers("router", "student", "gateway", "distill")
        .whereLayer("infra/local")
        .mayOnlyAccessLayers("router", "student")
        .whereLayer("infra/aws")
        .mayOnlyAccessLayers("router", "student", "gateway")
        .whereLayer("functions")
        .mayOnlyAccessLayers("router", "student", "gateway", "infra/aws")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /** The functions' jars carry no HTTP server, so nothing they share may need one. */
  @Test
  void onlyTheServerAndTheStandInsSeeHelidon() {
    noClasses()
        .that()
        .resideOutsideOfPackages("io.tierwise.gateway.server..", "io.tierwise.local..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.helidon..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /** It is found at run time, if it is asked for: nothing that serves or trains here needs it. */
  @Test
  void nothingOnThisClassPathSeesSpark() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.spark..", "scala..")
        .check(CLASSES);
  }

  /**
   * DJL puts the number into memory that the garbage collector may take back while the gradient,
   * which reads it again, is still to come: now and then a gradient was a little off, or no number.
   */
  @Test
  void noLossCalculatesWithAJavaNumber() {
    noClasses()
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "an NDArray is given a java.lang.Number",
                call ->
                    call.getTargetOwner().isAssignableTo("ai.djl.ndarray.NDArray")
                        && call.getTarget().getRawParameterTypes().stream()
                            .anyMatch(type -> type.isEquivalentTo(Number.class))))
        .because("Gradients.Scope.number lives as long as its evaluation")
        .check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    classes().should(beInANullMarkedPackage()).check(CLASSES);
  }

  private static ArchCondition<JavaClass> beInANullMarkedPackage() {
    return new ArchCondition<>("be in a @NullMarked package") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
        events.add(
            new SimpleConditionEvent(
                type, marked, type.getName() + ": write a @NullMarked package-info.java"));
      }
    };
  }
}
