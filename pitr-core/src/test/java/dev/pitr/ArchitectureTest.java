package dev.pitr;

import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.pitr.error.PitrException;
import java.io.File;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the floors of the house: which package may use which, and what public types look like. */
class ArchitectureTest {
    /** Exported to pgjdbc's module only, which loads its classes by name. */
    private static final String FOR_THE_DRIVER = "dev.pitr.postgres.driver";

    /** From the ground up. A package uses only packages on floors below its own. */
    private static final List<Set<String>> FLOORS = List.of(
            Set.of("dev.pitr.error", "dev.pitr.progress"),
            Set.of("dev.pitr.wal"),
            Set.of(FOR_THE_DRIVER),
            Set.of("dev.pitr.storage", "dev.pitr.postgres"),
            Set.of("dev.pitr.wal.record"),
            Set.of("dev.pitr.catalog"),
            Set.of("dev.pitr.recovery"),
            Set.of("dev.pitr.repository"),
            Set.of("dev.pitr.archive", "dev.pitr.history"),
            Set.of("dev.pitr.backup", "dev.pitr.restore"),
            Set.of("dev.pitr.retention", "dev.pitr.verify"),
            Set.of("dev.pitr"));

    /** Packages of values and functions. */
    private static final Set<String> PURE =
            Set.of("dev.pitr.wal", "dev.pitr.wal.record", "dev.pitr.catalog", "dev.pitr.recovery");

    /** Types that act on the world, or depend on the moment. {@code Path} is a value; {@code Files} is not. */
    private static final Pattern IMPURE = Pattern.compile(
            "java\\.nio\\.file\\.Files|java\\.io\\.(File|Random).*|java\\.net\\..*"
                    + "|java\\.nio\\.channels\\..*|java\\.sql\\..*|java\\.time\\.Clock|java\\.lang\\.(Thread|Process.*)"
                    + "|java\\.util\\.concurrent\\.(Executor.*|Thread.*)|org\\.slf4j\\..*|dev\\.pitr\\.(storage|postgres)\\..*");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importPath(new File(PitrException.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .toPath());

    private static int floorOf(JavaClass type) {
        for (int floor = 0; floor < FLOORS.size(); floor++) {
            if (FLOORS.get(floor).contains(type.getPackageName())) {
                return floor;
            }
        }
        return -1;
    }

    private static Stream<JavaClass> types() {
        return CLASSES.stream().filter(type -> type.getPackageName().startsWith("dev.pitr"));
    }

    private static Stream<JavaClass> callersTypes() {
        return types().filter(ArchitectureTest::isForCallers);
    }

    private static boolean isForCallers(JavaClass type) {
        return type.getModifiers().contains(PUBLIC)
                && !type.getPackageName().equals(FOR_THE_DRIVER)
                && type.getEnclosingClass().map(ArchitectureTest::isForCallers).orElse(true);
    }

    private static Stream<JavaMethod> callersMethods() {
        return callersTypes()
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.getModifiers().contains(PUBLIC));
    }

    @Test
    void findsTheClassesThatItJudges() {
        assertThat(types()).hasSizeGreaterThan(40);
    }

    @Test
    void everyPackageHasItsFloor() {
        assertThat(types().filter(type -> floorOf(type) < 0)).isEmpty();
    }

    @Test
    void packagesUseOnlyPackagesBelowThem() {
        assertThat(dependencies(use -> !isSamePackage(use) && isOurs(use.getTargetClass()))
                        .filter(use -> floorOf(use.getTargetClass()) >= floorOf(use.getOriginClass()))
                        .map(Dependency::getDescription))
                .isEmpty();
    }

    @Test
    void purePackagesDoNotAct() {
        assertThat(dependencies(use -> PURE.contains(use.getOriginClass().getPackageName()))
                        .filter(use ->
                                IMPURE.matcher(use.getTargetClass().getName()).matches())
                        .map(Dependency::getDescription))
                .isEmpty();
    }

    @Test
    void nothingOfOursReadsTheClockByItself() {
        Map<String, String> forbidden = Map.of("java.time.Instant", "now", "java.lang.System", "currentTimeMillis");

        assertThat(types().flatMap(type -> type.getMethodCallsFromSelf().stream())
                        .filter(call -> call.getName()
                                .equals(forbidden.get(call.getTargetOwner().getName())))
                        // Instant.now(Clock) reads a clock that was given.
                        .filter(call -> call.getTarget().getRawParameterTypes().isEmpty())
                        .map(Object::toString))
                .isEmpty();
    }

    @Test
    void largePackagesKeepHalfOfTheirTypesToThemselves() {
        assertThat(List.of("backup", "restore", "repository", "recovery")).allSatisfy(name -> {
            List<JavaClass> topLevel = types().filter(type -> type.isTopLevelClass()
                            && !type.getSimpleName().equals("package-info")
                            && type.getPackageName().equals("dev.pitr." + name))
                    .toList();

            assertThat(topLevel)
                    .filteredOn(ArchitectureTest::isForCallers)
                    .hasSizeLessThanOrEqualTo(topLevel.size() / 2);
        });
    }

    @Test
    void publicSignaturesShowOnlyTypesOfOursAndOfTheJdk() {
        assertThat(callersMethods()
                        .filter(method -> Stream.concat(
                                        method.getAllInvolvedRawTypes().stream(), Stream.of(method.getRawReturnType()))
                                .anyMatch(type -> !type.isPrimitive() && !isKnown(type)))
                        .map(JavaMethod::getFullName))
                .isEmpty();
    }

    private static boolean isKnown(JavaClass type) {
        JavaClass base = type.getBaseComponentType();
        String name = base.getPackageName();
        return base.isPrimitive() || name.startsWith("java.") || name.startsWith("javax.") || isOurs(base);
    }

    @Test
    void publicMethodsHaveNoGetPrefix() {
        assertThat(callersMethods()
                        .filter(method -> method.getName().matches("get[A-Z].*"))
                        .filter(method -> !method.getName().equals("getMessage"))
                        .map(JavaMethod::getFullName))
                .isEmpty();
    }

    @Test
    void publicMethodsTakeNoBoolean() {
        assertThat(callersMethods()
                        .filter(method -> method.getRawParameterTypes().stream()
                                .anyMatch(type -> type.getName().equals("boolean")))
                        .filter(method -> !method.getName().equals("equals"))
                        .map(JavaMethod::getFullName))
                .isEmpty();
    }

    @Test
    void typesAreNamedByWhatTheyAre() {
        Predicate<String> vague =
                Pattern.compile(".*(Impl|Manager|Helper|Utils?|Data)$").asMatchPredicate();

        assertThat(types().filter(type -> vague.test(type.getSimpleName())).map(JavaClass::getName))
                .isEmpty();
    }

    @Test
    void errorsAreOfOneTree() {
        assertThat(callersTypes()
                        .filter(type -> type.isAssignableTo(Throwable.class))
                        .filter(type -> !type.isAssignableTo(PitrException.class))
                        .map(JavaClass::getName))
                .isEmpty();
    }

    private static Stream<Dependency> dependencies(Predicate<Dependency> filter) {
        return types().flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(filter);
    }

    private static boolean isSamePackage(Dependency use) {
        return use.getOriginClass().getPackageName().equals(use.getTargetClass().getPackageName());
    }

    private static boolean isOurs(JavaClass type) {
        return type.getPackageName().equals("dev.pitr") || type.getPackageName().startsWith("dev.pitr.");
    }
}
