package io.shardmill.poller.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.control.MappingChange;
import io.shardmill.poller.control.MappingConfiguration;
import io.shardmill.poller.control.MappingConflictException;
import io.shardmill.poller.control.MappingStatus.State;
import io.shardmill.poller.control.UnknownMappingException;
import io.shardmill.poller.mapping.Batching;
import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.FailureHandling;
import io.shardmill.poller.stream.StartingPosition;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.poller.testkit.World;
import io.shardmill.runtime.InvocationOutcome;
import io.shardmill.runtime.UnusableFunctionException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Spec chapter 14, cases 1, 2, 13 to 21, 25, 73, 80 and 100: mappings that come, change and go at run time. */
class MappingsAtRunTimeTest {

    private static final String STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final World world = new World(1).start();
    private int created;

    /** Returns a mapping to be created, whose name is its UUID. */
    private EventSourceMapping mapping() {
        return EventSourceMapping.of(new UUID(0, ++created).toString(), "orders")
                .withFunction("fn");
    }

    private MappingChange begin(EventSourceMapping mapping) {
        return world.mappings().create(mapping, true);
    }

    /** Creates a mapping, lets it settle, and returns its UUID. */
    private String create(EventSourceMapping mapping) {
        world.await(begin(mapping).settled());
        return mapping.name();
    }

    private MappingConfiguration get(String uuid) {
        return world.mappings().get(uuid);
    }

    private MappingChange update(String uuid, UnaryOperator<EventSourceMapping> change) {
        return world.mappings().update(uuid, change, null);
    }

    private MappingChange enable(String uuid, boolean enabled) {
        return world.mappings().update(uuid, mapping -> mapping, enabled);
    }

    private static EventSourceMapping withRetries(EventSourceMapping mapping, int attempts) {
        return mapping.with(mapping.failureHandling().withMaximumRetryAttempts(attempts));
    }

    private void deliver(String... texts) {
        for (String text : texts) {
            world.stream.put(text);
        }
        world.advance(SECOND);
    }

    @Test
    void case_1_what_is_created_with_stream_function_and_LATEST_only_has_the_defaults() {
        MappingConfiguration answer =
                begin(mapping().with(new StartingPosition.Latest())).answer();

        assertThat(answer.uuid()).isEqualTo(new UUID(0, 1));
        assertThat(answer.mapping())
                .isEqualTo(world.mapping(new UUID(0, 1).toString())
                        .withFunction("fn")
                        .with(new StartingPosition.Latest())
                        .with(new Batching(100, Duration.ZERO, 1))
                        .with(new FailureHandling(-1, null, false, false, null)));
        assertThat(answer.state()).isEqualTo(State.CREATING);
        assertThat(answer.stateTransitionReason()).isEqualTo("User action");
        assertThat(answer.lastProcessingResult()).isEqualTo("No records processed");
        assertThat(answer.lastModified()).isEqualTo(Instant.ofEpochMilli(world.time.millis()));
        world.advance(SECOND);
        assertThat(get(answer.uuid().toString())).isEqualTo(answered(answer, State.ENABLED));
    }

    private static MappingConfiguration answered(MappingConfiguration answer, State later) {
        return new MappingConfiguration(
                answer.mapping(), answer.origin(), later, answer.lastModified(), answer.lastProcessingResult());
    }

    @Test
    void case_2_what_is_created_disabled_is_Creating_and_then_Disabled() {
        MappingChange change = world.mappings().create(mapping(), false);
        assertThat(change.answer().state()).isEqualTo(State.CREATING);
        world.await(change.settled());
        deliver("1");

        assertThat(get(change.answer().uuid().toString()).state()).isEqualTo(State.DISABLED);
        assertThat(world.function.digits()).isEmpty();
    }

    @Test
    void case_13_a_stream_that_is_not_there_is_refused() {
        EventSourceMapping unknown = EventSourceMapping.of("unknown", "unknown").withFunction("fn");
        assertThatThrownBy(() -> begin(unknown)).isInstanceOf(StreamNotFoundException.class);
        world.stream.delete();
        assertThatThrownBy(() -> begin(mapping())).isInstanceOf(StreamNotFoundException.class);
        assertThat(world.mappings().names()).isEmpty();
        assertThat(world.mappingStore().all(World.NAMESPACE)).isEmpty();
    }

    @Test
    void case_14_a_function_that_is_not_there_is_refused() {
        world.functionIsMissing("fn", true);
        assertThatThrownBy(() -> begin(mapping())).isInstanceOf(UnusableFunctionException.class);
        assertThat(world.mappings().names()).isEmpty();
    }

    @Test
    void case_15_a_second_mapping_of_the_same_stream_and_function_is_refused_and_one_of_another_function_is_not() {
        String first = create(mapping());
        conflicts(
                mapping().with(new StartingPosition.Latest()),
                "The event source arn (\" " + STREAM + " \") and function (\" fn \") provided mapping already exists."
                        + " Please update or delete the existing mapping with UUID " + first);
        create(mapping().withFunction("another"));
        deliver("1");

        assertThat(world.function.digits()).containsExactly("1", "1");
    }

    private void conflicts(EventSourceMapping mapping, String message) {
        assertThatThrownBy(() -> begin(mapping))
                .isInstanceOf(MappingConflictException.class)
                .hasMessage(message);
    }

    @Test
    void case_15_a_mapping_of_the_application_counts_too() {
        world.begin(world.mapping().withFunction("fn"));
        conflicts(
                mapping(),
                "The event source arn (\" " + STREAM + " \") and function (\" fn \") provided mapping already exists."
                        + " Please update or delete the existing mapping with UUID "
                        + world.mappings().get("orders").uuid());
    }

    @Test
    void case_16_two_aliases_of_a_function_may_share_a_stream() {
        String blue = create(mapping().withFunction("fn:blue"));
        String green = create(mapping().withFunction("fn:green"));
        deliver("1");

        assertThat(world.function.digits()).containsExactly("1", "1");
        assertThat(world.mappings().list()).containsExactly(get(blue), get(green));
    }

    @Test
    void case_17_an_unknown_mapping_is_not_found() {
        String unknown = new UUID(7, 7).toString();
        create(mapping());

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> get(unknown),
                () -> enable(unknown, false),
                () -> world.mappings().delete(unknown))) {
            assertThatThrownBy(call).isInstanceOf(UnknownMappingException.class);
        }
    }

    @Test
    void case_18_a_deletion_answers_the_whole_configuration_and_then_the_mapping_is_gone() {
        world.function.takes(invocation -> 5_000);
        String uuid = create(mapping().with(Batching.defaults().withBatchSize(7)));
        deliver("1");
        MappingChange change = world.mappings().delete(uuid);

        assertThat(change.answer().state()).isEqualTo(State.DELETING);
        assertThat(change.answer().mapping().batching().batchSize()).isEqualTo(7);
        world.advance(SECOND);
        assertThat(change.settled()).isNotDone();
        assertThat(get(uuid).state()).isEqualTo(State.DELETING);
        world.await(change.settled());
        assertThatThrownBy(() -> get(uuid)).isInstanceOf(UnknownMappingException.class);
        deliver("2");
        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void what_is_created_after_a_deletion_begins_at_its_starting_position() {
        String first = create(mapping());
        deliver("1");
        world.await(world.mappings().delete(first).settled());
        assertThat(world.store().mappings(World.NAMESPACE)).isEmpty();
        create(mapping());
        world.advance(SECOND);

        assertThat(world.function.digits()).containsExactly("1", "1");
    }

    @Test
    void case_19_a_mapping_whose_function_is_gone_stays_enabled_and_delivers_when_it_is_back() {
        String uuid = create(withRetries(mapping(), 0));
        world.functionIsMissing("fn", true);
        deliver("1");
        world.advance(Duration.ofMinutes(5));
        assertThat(get(uuid).state()).isEqualTo(State.ENABLED);
        assertThat(world.function.digits()).isEmpty();

        world.functionIsMissing("fn", false);
        world.advance(Duration.ofSeconds(5));
        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void case_19_it_is_also_there_after_a_restart_without_the_function() {
        String uuid = create(mapping());
        world.functionIsMissing("fn", true);
        world.crash();
        world.start();
        deliver("1");
        assertThat(get(uuid).state()).isEqualTo(State.ENABLED);

        world.functionIsMissing("fn", false);
        world.advance(Duration.ofSeconds(5));
        assertThat(world.function.digits()).containsExactly("1");
    }

    @Test
    void case_20_a_disabled_mapping_is_Disabling_then_Disabled_and_keeps_its_last_result() {
        world.function.takes(invocation -> 5_000);
        String uuid = create(mapping());
        deliver("1");
        world.advance(Duration.ofSeconds(5));
        deliver("2");
        MappingChange change = enable(uuid, false);
        assertThat(change.answer().state()).isEqualTo(State.DISABLING);
        assertThat(change.answer().lastProcessingResult()).isEqualTo("OK");
        world.advance(SECOND);
        assertThat(get(uuid).state()).isEqualTo(State.DISABLING);

        world.await(change.settled());
        assertThat(get(uuid).state()).isEqualTo(State.DISABLED);
        deliver("3");
        world.advance(Duration.ofMinutes(5));
        assertThat(world.function.digits()).containsExactly("1", "2");
        assertThat(get(uuid).lastProcessingResult()).isEqualTo("OK");
    }

    @Test
    void case_21_what_came_while_it_was_disabled_is_delivered_when_it_is_enabled_again_of_LATEST_too() {
        String uuid = create(mapping().with(new StartingPosition.Latest()));
        deliver("1");
        world.await(enable(uuid, false).settled());
        deliver("2");
        MappingChange change = enable(uuid, true);
        assertThat(change.answer().state()).isEqualTo(State.ENABLING);
        world.await(change.settled());
        world.advance(SECOND);

        assertThat(get(uuid).state()).isEqualTo(State.ENABLED);
        assertThat(world.function.digits()).containsExactly("1", "2");
    }

    @Test
    void case_21_LATEST_is_the_tip_at_creation_also_for_what_is_created_disabled() {
        deliver("before");
        MappingChange change = world.mappings().create(mapping().with(new StartingPosition.Latest()), false);
        world.await(change.settled());
        String uuid = change.answer().uuid().toString();
        deliver("meanwhile");
        world.await(enable(uuid, true).settled());
        world.advance(SECOND);

        assertThat(world.function.digits()).containsExactly("meanwhile");
    }

    @Test
    void case_25_and_80_without_its_destination_a_mapping_drops_silently() {
        world.function.throwsOn("1", "2");
        String uuid = create(mapping().with(new FailureHandling(0, null, false, false, "fake")));
        deliver("1");
        MappingChange change = update(uuid, mapping -> mapping.with(new FailureHandling(0, null, false, false, null)));
        assertThat(change.answer().state()).isEqualTo(State.UPDATING);
        world.await(change.settled());
        assertThat(get(uuid).mapping().failureHandling().destination()).isNull();
        deliver("2");

        assertThat(world.function.digits()).containsExactly("1", "2");
        assertThat(world.destination.digits()).containsExactly("1");
    }

    @Test
    void case_73_the_last_result_is_OK_after_a_success_and_a_partial_response_and_a_problem_after_an_exception() {
        String uuid = create(mapping().with(new FailureHandling(0, null, false, true, null)));
        world.function.throwsOn("1");
        deliver("1");
        assertThat(get(uuid).lastProcessingResult()).isEqualTo("PROBLEM: Function call failed");
        world.function.throwsOn();
        deliver("2");
        assertThat(get(uuid).lastProcessingResult()).isEqualTo("OK");
        world.function.throwsOn("3");
        deliver("3");
        assertThat(get(uuid).lastProcessingResult()).isEqualTo("PROBLEM: Function call failed");
        world.function.reports("5");
        world.stream.put("4");
        deliver("5");
        assertThat(get(uuid).lastProcessingResult()).isEqualTo("OK");
        world.function.answers(invocation -> InvocationOutcome.Failure.timedOut(1_000));
        deliver("6");
        assertThat(get(uuid).lastProcessingResult()).isEqualTo("PROBLEM: Function call failed");
    }

    @Test
    void a_discard_by_age_without_an_invocation_leaves_the_last_result_as_it_is() {
        String uuid = create(mapping().with(FailureHandling.defaults().withMaximumRecordAge(Duration.ofMinutes(1))));
        world.stream.put(world.stream.shardIds().get(0), "key", new byte[] {1}, world.time.millis() - 61_000);
        world.advance(SECOND);

        assertThat(world.function.deliveries()).isEmpty();
        assertThat(get(uuid).lastProcessingResult()).isEqualTo("No records processed");
    }

    @Test
    void a_source_that_cannot_be_read_is_the_last_result_for_as_long_as_that_lasts_and_the_mapping_stays_enabled() {
        String uuid = create(mapping());
        deliver("1");
        world.stream.outage("User: x is not authorized to perform: kinesis:GetRecords");
        world.stream.put("2");
        world.advance(Duration.ofMinutes(3));
        assertThat(get(uuid).lastProcessingResult()).contains("not authorized to perform: kinesis:GetRecords");
        assertThat(get(uuid).state()).isEqualTo(State.ENABLED);

        world.stream.outage(null);
        world.advance(SECOND.multipliedBy(2));
        assertThat(get(uuid).lastProcessingResult()).isEqualTo("OK");
        assertThat(world.function.digits()).containsExactly("1", "2");
    }

    @Test
    void case_100_an_update_of_batch_size_and_function_keeps_the_position_across_a_restart_too() {
        String uuid = create(mapping().with(Batching.defaults().withBatchSize(2)));
        deliver("1", "2");
        Instant before = get(uuid).lastModified();
        world.await(update(
                        uuid,
                        mapping -> mapping.withFunction("fn2")
                                .with(mapping.batching().withBatchSize(1)))
                .settled());
        deliver("3", "4");
        assertThat(get(uuid).lastModified()).isAfter(before);
        MappingConfiguration updated = get(uuid);
        world.crash();
        world.start();
        deliver("5", "6");

        assertThat(world.function.digits()).containsExactly("12", "3", "4", "5", "6");
        assertThat(get(uuid).mapping()).isEqualTo(updated.mapping());
        assertThat(get(uuid).lastModified()).isEqualTo(updated.lastModified());
        assertThat(get(uuid).mapping().function()).isEqualTo("fn2");
    }

    @Test
    void an_update_to_a_function_that_is_not_there_is_refused_and_changes_nothing() {
        String uuid = create(mapping());
        world.functionIsMissing("nobody", true);
        MappingConfiguration before = get(uuid);
        assertThatThrownBy(() -> update(uuid, mapping -> mapping.withFunction("nobody")))
                .isInstanceOf(UnusableFunctionException.class);
        assertThat(get(uuid)).isEqualTo(before);
    }
}
