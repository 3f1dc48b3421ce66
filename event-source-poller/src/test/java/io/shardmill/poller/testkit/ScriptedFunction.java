package io.shardmill.poller.testkit;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.poller.internal.shard.BatchInvoker;
import io.shardmill.poller.internal.shard.Completion;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.DeadlineListener;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A function in virtual time: says what each delivery comes to, and how long it takes. Remembers all deliveries. */
public final class ScriptedFunction implements BatchInvoker {

    /** One delivery: when it began, and what. */
    public record Delivery(long millis, Invocation invocation) {

        public List<String> texts() {
            return invocation.records().stream().map(Record::text).toList();
        }

        /** The texts in a row: {@code 1234}. */
        public String digits() {
            return String.join("", texts());
        }
    }

    private final VirtualTime time;
    private final List<Delivery> deliveries = new ArrayList<>();
    private Function<Invocation, InvocationOutcome> outcome = invocation -> new InvocationOutcome.Succeeded();
    private ToLongFunction<Invocation> duration = invocation -> 0;
    private long timeoutMillis = Long.MAX_VALUE;
    private final List<Delivery> running = new ArrayList<>();
    private int mostRunning;

    public ScriptedFunction(VirtualTime time) {
        this.time = time;
    }

    /** From now on a delivery comes to this. */
    public ScriptedFunction answers(Function<Invocation, InvocationOutcome> outcome) {
        this.outcome = outcome;
        return this;
    }

    /** From now on a delivery throws if it holds one of these texts. */
    public ScriptedFunction throwsOn(String... texts) {
        List<String> bad = List.of(texts);
        return answers(invocation -> invocation.records().stream().anyMatch(record -> bad.contains(record.text()))
                ? InvocationOutcome.Failure.threw(new IllegalStateException("bad record"))
                : new InvocationOutcome.Succeeded());
    }

    /** From now on a delivery reports the records with these texts as failed. */
    public ScriptedFunction reports(String... texts) {
        List<String> bad = List.of(texts);
        return returns(batch -> Result.failed(
                batch.stream().filter(record -> bad.contains(record.text())).toList()));
    }

    /** From now on a delivery returns this, and the mapping reports batch item failures. */
    public ScriptedFunction returns(Function<List<Record>, @Nullable Result> report) {
        return answers(invocation -> InvocationOutcome.of(report.apply(invocation.records()), invocation.records()));
    }

    /** From now on a delivery returns this, as a function of tumbling windows does. */
    public ScriptedFunction returnsState(Function<Invocation, Answer> answer) {
        return answers(invocation -> InvocationOutcome.of(answer.apply(invocation), invocation, true));
    }

    public ScriptedFunction takes(ToLongFunction<Invocation> millis) {
        this.duration = millis;
        return this;
    }

    /** Deliveries that take longer are overdue after this time, and time out when they return. */
    public ScriptedFunction timeout(long millis) {
        this.timeoutMillis = millis;
        return this;
    }

    @Override
    public Completion<InvocationOutcome> invoke(
            Invocation invocation, DeadlineListener listener, Consumer<InvocationOutcome> later) {
        Delivery delivery = new Delivery(time.millis(), invocation);
        deliveries.add(delivery);
        running.add(delivery);
        mostRunning = Math.max(mostRunning, running.size());
        InvocationOutcome result = outcome.apply(invocation);
        long takes = duration.applyAsLong(invocation);
        if (takes > timeoutMillis) {
            time.after(timeoutMillis, () -> listener.passed(Thread.currentThread()));
        }
        InvocationOutcome back = takes > timeoutMillis ? InvocationOutcome.Failure.timedOut(timeoutMillis) : result;
        time.after(takes, () -> {
            running.remove(delivery);
            later.accept(back);
        });
        return Completion.later();
    }

    /** When each delivery began, in milliseconds after the first. */
    public List<Long> startedAfterMillis() {
        return deliveries.stream()
                .map(delivery -> delivery.millis() - deliveries.get(0).millis())
                .toList();
    }

    public List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    /** All deliveries in order, each as its texts in a row: {@code [1234, 12, 1, 2, 34]}. */
    public List<String> digits() {
        return deliveries.stream().map(Delivery::digits).toList();
    }

    /** How many deliveries were running at once at most. */
    public int mostRunning() {
        return mostRunning;
    }

    /** Those that have not returned. */
    public List<Delivery> running() {
        return List.copyOf(running);
    }

    /** Those that ran died with their process. */
    public void crash() {
        running.clear();
    }
}
