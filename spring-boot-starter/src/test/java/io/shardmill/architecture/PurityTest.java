package io.shardmill.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.shardmill.runtime.DurationText;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.NotInvokedException;
import io.shardmill.runtime.Payload;
import io.shardmill.runtime.Window;
import java.util.Set;

/**
 * The packages that decide touch no clock, thread, socket, file, database or randomness: time and ids come
 * in as arguments, and what a decision needs done is done elsewhere.
 */
@AnalyzeClasses(packages = "io.shardmill", importOptions = WithoutTests.class)
class PurityTest {

    private static final String[] PURE = {
        "io.shardmill.runtime.arn..",
        "io.shardmill.poller.mapping..",
        "io.shardmill.poller.event..",
        "io.shardmill.poller.internal.batch..",
        "io.shardmill.poller.internal.filter..",
        "io.shardmill.poller.internal.lineage..",
        "io.shardmill.poller.internal.reconcile.."
    };
    private static final String STREAM = "io.shardmill.poller.stream..";

    /** Rows, facts and shares, which decisions are made from; the store that keeps them is no value. */
    private static final DescribedPredicate<JavaClass> CHECKPOINT_VALUES = describe(
            "are values of the checkpoint, or of the assignment",
            type -> Set.of("io.shardmill.poller.checkpoint", "io.shardmill.poller.assignment")
                            .contains(type.getPackageName())
                    && (type.isRecord() || type.isEnum()));

    private static final Set<String> PURE_CLASSES_OF_IMPURE_PACKAGES = Set.of("java.net.URI");

    private static final DescribedPredicate<JavaClass> TOUCH_THE_WORLD = describe(
            "touch a clock, thread, file, socket, database, log or randomness",
            type -> !PURE_CLASSES_OF_IMPURE_PACKAGES.contains(type.getName())
                    && (resideInAnyPackage(
                                            "java.net..",
                                            "java.nio.channels..",
                                            "java.nio.file..",
                                            "java.sql..",
                                            "javax.sql..",
                                            "java.util.concurrent..",
                                            "java.util.random..",
                                            "org.slf4j..",
                                            "org.springframework..")
                                    .test(type)
                            || Set.of(
                                            "java.io.File",
                                            "java.io.FileInputStream",
                                            "java.io.FileOutputStream",
                                            "java.io.RandomAccessFile",
                                            "java.lang.Process",
                                            "java.lang.ProcessBuilder",
                                            "java.lang.Runtime",
                                            "java.lang.Thread",
                                            "java.lang.ThreadLocal",
                                            "java.security.SecureRandom",
                                            "java.time.Clock",
                                            "java.time.InstantSource",
                                            "java.util.Random",
                                            "java.util.SplittableRandom",
                                            "java.util.Timer")
                                    .contains(type.getName())));

    private static final DescribedPredicate<JavaAccess<?>> ASK_THE_WORLD =
            describe("ask the system for the time, an id, chance or a setting", access -> {
                String owner = access.getTargetOwner().getName();
                String method = access.getName();
                return switch (owner) {
                    case "java.lang.System" -> true;
                    case "java.lang.Math", "java.lang.StrictMath" -> method.equals("random");
                    case "java.util.UUID" -> method.equals("randomUUID");
                    case "java.util.Collections" -> method.equals("shuffle");
                    case "java.util.Date", "java.util.Calendar" -> true;
                    default -> owner.startsWith("java.time.") && method.equals("now");
                };
            });

    @ArchTest
    static final ArchRule whatDecidesTouchesNothingOutside =
            noClasses().that().resideInAnyPackage(PURE).should().dependOnClassesThat(TOUCH_THE_WORLD);

    @ArchTest
    static final ArchRule whatDecidesAsksNobodyForTimeOrChance =
            noClasses().that().resideInAnyPackage(PURE).should().accessTargetWhere(ASK_THE_WORLD);

    @ArchTest
    static final ArchRule whatDecidesKnowsNoPartThatActs = noClasses()
            .that()
            .resideInAnyPackage(PURE)
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.shardmill..")
                    .and(DescribedPredicate.not(resideInAnyPackage(PURE)
                            .or(resideInAnyPackage("io.shardmill.function..", STREAM))
                            .or(CHECKPOINT_VALUES)
                            .or(belongToAnyOf(
                                    DurationText.class,
                                    InvocationOutcome.class,
                                    Invocation.Attempt.class,
                                    NotInvokedException.class,
                                    Payload.class,
                                    Window.class)))));

    @ArchTest
    static final ArchRule theStreamPortKnowsTheFunctionSdkOnly = classes()
            .that()
            .resideInAPackage(STREAM)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify.annotations..", "io.shardmill.function..", STREAM);

    @ArchTest
    static final ArchRule nothingSleeps = noClasses()
            .should()
            .callMethodWhere(describe(
                    "sleep",
                    call -> call.getName().equals("sleep")
                            && call.getTargetOwner().getPackageName().startsWith("java.")))
            .because("waiting is a due time, not a sleeping thread");
}
