package io.volant;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.Serializable;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

/**
 * The arrows between rooms and the rules for what is inside them. The rooms are in {@link Rooms}.
 */
class ArchitectureTest {
  private static final int MOST_CONSTRUCTOR_PARAMETERS = 7;

  private static final JavaClasses ALL = new ClassFileImporter().importPackages(Rooms.BASE);
  private static final JavaClasses MAIN =
      ALL.that(describe("are not tests", type -> !isTest(type)));

  @Test
  void every_room_is_in_the_table() {
    assertThat(MAIN.stream().map(Rooms::of).distinct())
        .as("new rooms need a line in Rooms.java that says what they may use")
        .allMatch(Rooms::isKnown);
  }

  @Test
  void arrows_between_rooms_go_the_way_of_the_table() {
    assertThat(
            MAIN.stream()
                .filter(from -> Rooms.isKnown(Rooms.of(from)))
                .flatMap(from -> from.getDirectDependenciesFromSelf().stream())
                .filter(arrow -> arrow.getTargetClass().getPackageName().startsWith(Rooms.BASE))
                .filter(arrow -> !isAllowed(arrow))
                .map(Dependency::getDescription))
        .isEmpty();
  }

  @Test
  void packages_have_no_cycles() {
    slices().matching(Rooms.BASE + ".(**)").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void the_command_line_and_the_builder_know_no_actors() {
    noClasses()
        .that(resideInAnyPackage(in("cli"), in("fledge"), in("manifest"), in("model")))
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.apache.pekko..", "scala.."))
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void every_package_is_null_marked() {
    assertThat(
            ALL.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(ArchitectureTest::isNotNullMarked)
                .map(JavaPackage::getName))
        .as("packages whose package-info.java is missing or has no @NullMarked")
        .isEmpty();
  }

  @Test
  void states_are_pure() {
    noClasses()
        .that(isState())
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "org.apache.pekko..", "java.net..", "java.nio.file..", "java.util.random.."))
        .orShould()
        .dependOnClassesThat(isTheWorld())
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .callMethod(UUID.class, "randomUUID")
        .because("a state is a fold of its events: time and chance come in with an event")
        .allowEmptyShould(true)
        .check(MAIN);
  }

  @Test
  void only_commands_write_to_the_standard_streams() {
    noClasses()
        .that(doNotWriteForPeople())
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .because("the daemon logs, the other programs write through their command classes")
        .check(MAIN);
  }

  @Test
  void names_say_what_a_class_is() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .check(ALL);
  }

  @Test
  void constructors_take_seven_parameters_at_most() {
    assertThat(
            MAIN.stream()
                .filter(ArchitectureTest::hasConstructorsOfItsOwn)
                .flatMap(type -> type.getConstructors().stream())
                .filter(made -> made.getParameters().size() > MOST_CONSTRUCTOR_PARAMETERS)
                .map(JavaConstructor::getFullName))
        .isEmpty();
  }

  private static boolean isTest(JavaClass type) {
    return type.getSource()
        .map(source -> source.getUri().toString().contains("/test-classes/"))
        .orElse(false);
  }

  private static String in(String room) {
    return Rooms.BASE + "." + room + "..";
  }

  private static boolean isAllowed(Dependency arrow) {
    return Rooms.mayUse(Rooms.of(arrow.getOriginClass()), Rooms.of(arrow.getTargetClass()));
  }

  private static boolean isNotNullMarked(JavaPackage folder) {
    return !folder.isAnnotatedWith(NullMarked.class);
  }

  /** A record's components are its data, and an enum's constructor has two hidden parameters. */
  private static boolean hasConstructorsOfItsOwn(JavaClass type) {
    return !type.isRecord() && !type.isEnum() && !type.isAnonymousClass();
  }

  private static DescribedPredicate<JavaClass> isState() {
    return describe(
        "are the state of a feature or of the host",
        type ->
            (Rooms.isFeature(Rooms.of(type)) || Rooms.of(type).equals("host"))
                && outermost(type).getSimpleName().endsWith("State"));
  }

  private static DescribedPredicate<JavaClass> isTheWorld() {
    return describe(
        "are clocks, chance or streams",
        type ->
            type.isAssignableTo(Clock.class)
                || type.isAssignableTo(Random.class)
                || (type.getPackageName().equals("java.io")
                    && !type.isEquivalentTo(Serializable.class)));
  }

  private static DescribedPredicate<JavaClass> doNotWriteForPeople() {
    return describe(
        "are neither Main, nor in cli, nor a command of fledge",
        type -> {
          JavaClass outer = outermost(type);
          String room = Rooms.of(type);
          return !room.equals("cli")
              && !(room.equals("fledge") && outer.isAnnotatedWith(Command.class))
              && !outer.getFullName().equals(Rooms.BASE + ".Main");
        });
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }
}
