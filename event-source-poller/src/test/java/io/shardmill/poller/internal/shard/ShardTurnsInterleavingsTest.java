package io.shardmill.poller.internal.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.internal.shard.Interleavings.Touch;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every order in which few threads can go through {@link ShardTurns}, which is the real one.
 *
 * <p>What its threads share is the mailbox and the flag. A thread can be overtaken before each operation on the
 * mailbox, and before each on the flag: {@code compareAndSet} directly follows an {@code isEmpty} that said no,
 * {@code set(false)} directly follows a turn, a mailbox found empty, or a refusal of the pool. So no two shared operations lie between two steps, and all orders
 * of them are reached. Both are volatile, so there are no other outcomes than those of an order.
 */
class ShardTurnsInterleavingsTest {

    private static final int MAILBOX = 1;
    private static final int FLAG = 2;
    private static final int OWNER = 4;
    private static final int POOL = 8;
    private static final Touch LOOK = new Touch(MAILBOX, 0);
    private static final Touch ADD = new Touch(0, MAILBOX);
    private static final Touch PEEK =
            new Touch(MAILBOX, OWNER | FLAG); // the last one is followed by the turn, or letting go
    private static final Touch POLL = new Touch(0, MAILBOX);
    private static final Touch SUBMIT = new Touch(0, POOL | FLAG); // a refusal is followed by letting go
    private static final Touch TAKE = new Touch(0, FLAG);
    private static final Touch LET_GO = new Touch(0, FLAG | OWNER);

    private static final Touch HANDLED = new Touch(OWNER, 0);

    private static final boolean POOL_IS_FREE = false;
    private static final boolean OTHERS_WAIT = true;

    private enum WorkKind {
        WITHOUT_OUTCOME,
        WITH_OUTCOME,
        /** Ends only when all that the posters post has been handled. */
        LASTING
    }

    private enum Fault {
        NONE,
        NO_LOOK_AFTER_LETTING_GO,
        WORK_RUNS_BEFORE_LETTING_GO
    }

    /** @param work how many pieces of work the owner asks for */
    private record Message(int poster, int number, int work) {}

    private final Interleavings interleavings = new Interleavings();

    @AfterEach
    void close() {
        interleavings.close();
    }

    @Test
    void two_posters_of_one_message_without_work() {
        explore(WorkKind.WITHOUT_OUTCOME, POOL_IS_FREE, new int[][] {{0}, {0}});
    }

    @Test
    void one_poster_of_two_messages_that_ask_for_work() {
        explore(WorkKind.WITHOUT_OUTCOME, POOL_IS_FREE, new int[][] {{1, 2}});
    }

    @Test
    void two_posters_whose_messages_ask_for_work_with_an_outcome() {
        explore(WorkKind.WITH_OUTCOME, POOL_IS_FREE, new int[][] {{1}, {0}});
    }

    @Test
    void one_poster_of_a_message_that_asks_for_two_pieces_of_work() {
        explore(WorkKind.WITH_OUTCOME, POOL_IS_FREE, new int[][] {{2}});
    }

    @Test
    void two_posters_of_messages_that_do_not_wait_for_lasting_work() {
        explore(WorkKind.LASTING, POOL_IS_FREE, new int[][] {{2}, {0}});
    }

    @Test
    void one_of_two_posters_posts_twice() {
        explore(WorkKind.WITHOUT_OUTCOME, POOL_IS_FREE, new int[][] {{0, 0}, {0}});
    }

    @Test
    void turns_that_go_to_the_end_of_the_pools_queue() {
        explore(WorkKind.WITHOUT_OUTCOME, OTHERS_WAIT, new int[][] {{0}, {1}});
    }

    @Test
    void pool_that_refuses_a_piece_of_work() {
        exploreRefusals(WorkKind.WITHOUT_OUTCOME, POOL_IS_FREE, 1, new int[][] {{2}, {0}});
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void pool_that_refuses_the_first_turn_or_the_one_beside_work(int refused) {
        exploreRefusals(WorkKind.WITH_OUTCOME, POOL_IS_FREE, refused, new int[][] {{1}, {0}});
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void pool_that_refuses_turns_that_go_to_the_end_of_its_queue(int refused) {
        exploreRefusals(WorkKind.WITH_OUTCOME, OTHERS_WAIT, refused, new int[][] {{0}, {1}});
    }

    private void exploreRefusals(WorkKind kind, boolean othersWait, int refused, int[][] posters) {
        Scenario scenario = new Scenario(kind, othersWait, Fault.NONE, posters);
        scenario.refused = refused;
        assertThat(interleavings.explore(scenario)).isGreaterThan(10);
    }

    @Test
    void a_mailbox_that_can_not_be_emptied_for_want_of_memory_is_emptied_later() {
        Queue<String> shortOfMemory = new ConcurrentLinkedQueue<>() {
            private static final long serialVersionUID = 1;
            private int peeks;

            @Override
            public String peek() {
                if (peeks++ % 2 == 0) {
                    throw new OutOfMemoryError("thrown by a test");
                }
                return super.peek();
            }
        };
        List<String> handled = new ArrayList<>();
        List<Runnable> pool = new ArrayList<>();
        ShardTurns<String> turns = new ShardTurns<>(
                messages -> {
                    handled.addAll(messages);
                    return List.of();
                },
                pool::add,
                () -> false,
                shortOfMemory,
                32);
        List.of("a", "b", "c").forEach(turns::post);
        pool.forEach(Runnable::run);

        assertThat(handled).containsExactly("a", "b", "c");
    }

    @Test
    void owner_that_is_not_looked_after_when_let_go_is_found() {
        assertThatThrownBy(() -> interleavings.explore(new Scenario(
                        WorkKind.WITHOUT_OUTCOME, POOL_IS_FREE, Fault.NO_LOOK_AFTER_LETTING_GO, new int[][] {{0}, {0}
                        })))
                .hasMessageContaining("left in the mailbox");
    }

    @Test
    void work_that_runs_before_the_owner_is_let_go_is_found() {
        assertThatThrownBy(() -> interleavings.explore(new Scenario(
                        WorkKind.LASTING, POOL_IS_FREE, Fault.WORK_RUNS_BEFORE_LETTING_GO, new int[][] {{1}, {0}})))
                .hasMessageContaining("stuck");
    }

    private void explore(WorkKind kind, boolean othersWait, int[][] posters) {
        int orders = interleavings.explore(new Scenario(kind, othersWait, Fault.NONE, posters));
        System.out.println("ShardTurns: " + orders + " orders, work " + kind);
        assertThat(orders).isGreaterThan(20);
    }

    private final class Scenario implements Interleavings.Program {
        private final WorkKind kind;
        private final boolean othersWait;
        private final Fault fault;
        private final int[][] posters;

        private final List<Message> posted = new ArrayList<>();
        private final List<Message> handled = new ArrayList<>();
        private final List<Integer> workDone = new ArrayList<>();
        private Mailbox mailbox = new Mailbox();
        private int workAsked;
        private int inTurn;

        /** Which of the tasks that the pool is given it refuses; none by default. */
        private int refused = -1;

        private int submitted;
        private boolean isLate;
        private boolean postRefused;

        Scenario(WorkKind kind, boolean othersWait, Fault fault, int[][] posters) {
            this.kind = kind;
            this.othersWait = othersWait;
            this.fault = fault;
            this.posters = posters;
        }

        @Override
        public void start() {
            posted.clear();
            handled.clear();
            workDone.clear();
            workAsked = 0;
            submitted = 0;
            isLate = false;
            postRefused = false;
            inTurn = -1;
            mailbox = new Mailbox();
            BooleanSupplier waiting = () -> othersWait;
            ShardTurns<Message> turns =
                    new ShardTurns<>(this::turn, this::execute, waiting, mailbox, othersWait ? 1 : 32);
            for (int poster = 0; poster < posters.length; poster++) {
                List<Message> messages = new ArrayList<>();
                for (int work : posters[poster]) {
                    messages.add(new Message(poster, messages.size(), work));
                }
                posted.addAll(messages);
                interleavings.spawn(() -> messages.forEach(message -> post(turns, message)));
            }
            interleavings.spawn(() -> {
                interleavings.await(Touch.NOTHING, interleavings::othersEnded);
                assertThat(postRefused ? 0 : mailbox.size())
                        .as("left in the mailbox")
                        .isZero();
                isLate = true;
                Message late = new Message(posters.length, 0, 0); // an owner that was not released would not get it
                posted.add(late);
                turns.post(late);
            });
        }

        private void post(ShardTurns<Message> turns, Message message) {
            try {
                turns.post(message);
            } catch (RejectedExecutionException refusal) {
                postRefused = true;
            }
        }

        private void execute(Runnable task) {
            if (refused >= 0 && !isLate) {
                interleavings.step(SUBMIT);
                if (submitted++ == refused) {
                    throw new OutOfMemoryError("unable to create native thread, says the test");
                }
            }
            interleavings.spawn(task);
        }

        private List<ShardTurns.Work<Message>> turn(List<Message> messages) {
            assertThat(inTurn).as("thread that is in another turn").isEqualTo(-1);
            inTurn = interleavings.running();
            handled.addAll(messages);
            List<ShardTurns.Work<Message>> work = new ArrayList<>();
            for (Message message : messages) {
                for (int n = 0; n < message.work(); n++) {
                    int id = workAsked++;
                    work.add(() -> work(id));
                }
            }
            if (fault == Fault.WORK_RUNS_BEFORE_LETTING_GO) {
                inTurn = -1;
                work.forEach(ShardTurns.Work::run);
                work.clear();
            }
            interleavings.step(LET_GO);
            inTurn = -1;
            return work;
        }

        private Completion<Message> work(int id) {
            assertThat(inTurn).as("thread in a turn").isNotEqualTo(interleavings.running());
            workDone.add(id);
            if (kind == WorkKind.LASTING) {
                interleavings.await(HANDLED, () -> handled.containsAll(posted));
            }
            if (kind != WorkKind.WITH_OUTCOME) {
                return Completion.later();
            }
            Message outcome = new Message(100 + id, 0, 0);
            posted.add(outcome);
            return Completion.here(outcome);
        }

        @Override
        public void check() {
            assertThat(mailbox.size()).as("left in the mailbox").isZero();
            assertThat(handled).containsExactlyInAnyOrderElementsOf(posted);
            for (int poster = 0; poster < posters.length; poster++) {
                int by = poster;
                assertThat(handled.stream().filter(each -> each.poster() == by))
                        .isSortedAccordingTo((one, other) -> Integer.compare(one.number(), other.number()));
            }
            assertThat(workDone).doesNotHaveDuplicates().hasSize(workAsked);
        }

        /** The real queue, with a step before each operation, and one before the flag is taken. */
        @SuppressWarnings("serial") // never written
        private final class Mailbox extends ConcurrentLinkedQueue<Message> {

            @Override
            public boolean add(Message message) {
                interleavings.step(ADD);
                return super.add(message);
            }

            @Override
            public Message peek() {
                interleavings.step(PEEK);
                return super.peek();
            }

            @Override
            public Message poll() {
                interleavings.step(POLL);
                return super.poll();
            }

            @Override
            public boolean isEmpty() {
                if (fault == Fault.NO_LOOK_AFTER_LETTING_GO && interleavings.running() > posters.length) {
                    return true;
                }
                interleavings.step(LOOK);
                boolean empty = super.isEmpty();
                if (!empty) {
                    interleavings.step(TAKE);
                }
                return empty;
            }
        }
    }
}
