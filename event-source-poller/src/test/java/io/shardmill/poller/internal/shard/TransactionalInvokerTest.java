package io.shardmill.poller.internal.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Record;
import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.FunctionTransaction;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.LaneCommit;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.stream.Position;
import io.shardmill.poller.testkit.FakeStream;
import io.shardmill.poller.testkit.VirtualTime;
import io.shardmill.runtime.DeadlineListener;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.InvocationOutcome.Failure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionalInvokerTest {

    private final List<String> happened = new ArrayList<>();
    private boolean isCertain = true;

    /** To get a connection takes so long that other processes take this one for dead. */
    private FunctionTransaction begin() {
        happened.add("begin");
        isCertain = false;
        FunctionTransaction facts = new InMemoryCheckpointStore().transactions().begin();
        return new FunctionTransaction() {
            @Override
            public boolean isFinished(LaneCommit commit) {
                return facts.isFinished(commit);
            }

            @Override
            public Outcome commit(LaneCommit commit) {
                return facts.commit(commit);
            }

            @Override
            public void close() {
                happened.add("close");
            }
        };
    }

    @Test
    void who_has_waited_too_long_for_a_connection_invokes_nothing() {
        EventSourceMapping mapping = EventSourceMapping.of("orders", "orders");
        ShardAssignment assignment = new ShardAssignment(
                mapping,
                new MappingKey("shop", "orders", "orders", "first"),
                "me",
                CheckpointRow.begin("shard", ShardState.READING, Position.trimHorizon(), List.of()));
        BatchInvoker function = (invocation, listener, later) -> {
            happened.add("invoke");
            return Completion.here(new InvocationOutcome.Succeeded());
        };
        FakeStream stream = new FakeStream("orders", 1, new VirtualTime());
        Record record = stream.put("1");
        Invocation invocation = new Invocation(
                new Invocation.Origin("orders", record.shard(), 0, 1),
                new Invocation.Attempt("request", 1),
                List.of(record),
                null,
                KinesisFormat.of(stream.arn()).event(record.shard(), List.of(record), null));

        Completion<InvocationOutcome> outcome = new TransactionalInvoker(
                        new TransactionalInvoker.Place(assignment, false, new CommittedFacts(), () -> {}),
                        function,
                        this::begin,
                        () -> isCertain)
                .invoke(invocation, DeadlineListener.IGNORED, later -> {});

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Completion.Here.class,
                        here -> assertThat(here.outcome())
                                .isInstanceOfSatisfying(
                                        Failure.class,
                                        failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.NOT_INVOKED)));
        assertThat(happened).containsExactly("begin", "close");
    }
}
