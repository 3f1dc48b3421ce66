package io.shardmill.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.FunctionTransaction;
import io.shardmill.poller.checkpoint.FunctionTransactions;
import io.shardmill.poller.internal.shard.BatchInvoker;
import io.shardmill.poller.internal.shard.BatchSender;
import io.shardmill.poller.internal.shard.CheckpointWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionService;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;

/**
 * What is mutable about a shard has one owner, who touches it in turns: no monitor and no lock guards it, and nothing in a turn
 * blocks. What blocks runs outside of turns.
 */
@AnalyzeClasses(packages = "io.shardmill.poller", importOptions = WithoutTests.class)
class OneOwnerTest {

    private static final String SHARD = "io.shardmill.poller.internal.shard";

    /** The packages whose code runs in a shard's turn. */
    private static final Set<String> IN_TURNS = Set.of(
            SHARD,
            "io.shardmill.poller.internal.batch",
            "io.shardmill.poller.event",
            "io.shardmill.poller.monitoring",
            "io.shardmill.poller.internal.filter");

    /** Monitors that guard no shard's state, with the reason. */
    private static final Map<String, String> MONITORS = Map.of(
            SHARD + ".Shares",
                    "counts what all shards share; held for a few instructions, and never while a grant runs",
            SHARD + ".ElasticPool", "makes the pool larger when a mapping starts; no turn does that");

    private static final Map<Class<?>, Set<String>> BLOCKING = Map.of(
            Object.class, Set.of("wait"),
            Thread.class, Set.of("sleep", "join"),
            Future.class, Set.of("get", "join"),
            BlockingQueue.class, Set.of("put", "take"),
            CompletionService.class, Set.of("take"),
            CountDownLatch.class, Set.of("await"),
            CyclicBarrier.class, Set.of("await"),
            ExecutorService.class, Set.of("awaitTermination", "invokeAll", "invokeAny", "close"),
            Phaser.class, Set.of("awaitAdvance", "arriveAndAwaitAdvance"),
            Semaphore.class, Set.of("acquire", "acquireUninterruptibly"));

    private static final DescribedPredicate<JavaClass> RUN_IN_TURNS =
            describe("run in a shard's turn", type -> IN_TURNS.contains(type.getPackageName()));

    private static final DescribedPredicate<JavaCall<?>> BLOCK = describe(
            "block",
            call -> BLOCKING.entrySet().stream()
                    .anyMatch(blocking -> blocking.getValue().contains(call.getName())
                            && call.getTargetOwner().isAssignableTo(blocking.getKey())));

    @ArchTest
    static final ArchRule noMonitorGuardsAShardsState = classes()
            .that(RUN_IN_TURNS.and(describe("have no reason for one", type -> !MONITORS.containsKey(type.getName()))))
            .should(enterNoMonitor());

    @ArchTest
    static final ArchRule noLockGuardsTheEnginesState = noClasses()
            .that(describe(
                    "are not held by those who change a mapping, outside of turns",
                    type -> !type.getSimpleName().equals("AcceptedState")))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.concurrent.locks..");

    @ArchTest
    static final ArchRule nothingInATurnBlocks =
            noClasses().that(RUN_IN_TURNS).should().callCodeUnitWhere(BLOCK);

    @ArchTest
    static final ArchRule theStoreIsAskedOnTheWritersThreadOnly = noClasses()
            .that(RUN_IN_TURNS.and(
                    not(describe("write checkpoints", type -> type.isEquivalentTo(CheckpointWriter.class)))))
            .should()
            .dependOnClassesThat()
            .areAssignableTo(CheckpointStore.class);

    @ArchTest
    static final ArchRule functionsAndDestinationsAreCalledOutsideOfTurnsOnly = noClasses()
            .that(RUN_IN_TURNS.and(not(describe(
                    "are calls that run outside of turns",
                    type -> Set.of("InvocationCall", "TransactionalInvoker", "SendCall")
                            .contains(type.getSimpleName())))))
            .should()
            .callMethodWhere(describe(
                    "leave the engine",
                    call -> call.getTargetOwner().isAssignableTo(BatchInvoker.class)
                            || call.getTargetOwner().isAssignableTo(BatchSender.class)
                            || call.getTargetOwner().isAssignableTo(FunctionTransactions.class)
                            || call.getTargetOwner().isAssignableTo(FunctionTransaction.class)));

    private static ArchCondition<JavaClass> enterNoMonitor() {
        return new ArchCondition<>("enter no monitor") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (entersMonitor(type)) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " is synchronized somewhere"));
                }
            }
        };
    }

    private static boolean entersMonitor(JavaClass type) {
        AtomicBoolean found = new AtomicBoolean();
        try (InputStream bytes = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            new ClassReader(bytes).accept(monitors(found), ClassReader.SKIP_DEBUG);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return found.get();
    }

    private static ClassVisitor monitors(AtomicBoolean found) {
        return new ClassVisitor(Opcodes.ASM9) {
            @Override
            public MethodVisitor visitMethod(
                    int access, String name, String descriptor, String signature, String[] exceptions) {
                if ((access & Opcodes.ACC_SYNCHRONIZED) != 0) {
                    found.set(true);
                }
                return new MethodVisitor(Opcodes.ASM9) {
                    @Override
                    public void visitInsn(int opcode) {
                        if (opcode == Opcodes.MONITORENTER) {
                            found.set(true);
                        }
                    }
                };
            }
        };
    }
}
