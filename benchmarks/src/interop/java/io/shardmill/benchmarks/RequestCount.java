package io.shardmill.benchmarks;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Counts the requests that this process sends, retries included. The SDK finds it on the class path and gives it to every client. */
public final class RequestCount implements ExecutionInterceptor {

    static final String CHECKPOINT = "Checkpoint";

    private static final Set<String> READING =
            Set.of("Kinesis.GetRecords", "Kinesis.GetShardIterator", "Kinesis.SubscribeToShard", CHECKPOINT);
    private static final Set<String> READS = Set.of("GetRecords", "SubscribeToShard");
    private static final AtomicReference<@Nullable Runnable> AT_FIRST_READ = new AtomicReference<>();
    private static final Map<String, LongAdder> SENT = new ConcurrentHashMap<>();

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        String service = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME);
        String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        Runnable atFirstRead = READS.contains(operation) ? AT_FIRST_READ.getAndSet(null) : null;
        if (atFirstRead != null) {
            atFirstRead.run();
        }
        count(service + "." + operation);
    }

    /** Notes a checkpoint in the lease table, which is one request. */
    static void checkpointed() {
        count(CHECKPOINT);
    }

    private static void count(String request) {
        SENT.computeIfAbsent(request, first -> new LongAdder()).increment();
    }

    /** Returns how many of such requests records took: reads and checkpoints, without what keeps leases. */
    static long reading(Map<String, Long> sent) {
        return sent.entrySet().stream()
                .filter(count -> READING.contains(count.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Runs a task just before the next request for records. */
    static void atFirstRead(Runnable task) {
        AT_FIRST_READ.set(task);
    }

    /** Returns how often each operation was sent so far, such as {@code Kinesis.GetRecords}. */
    static Map<String, Long> sent() {
        Map<String, Long> sent = new TreeMap<>();
        SENT.forEach((operation, count) -> sent.put(operation, count.sum()));
        return sent;
    }
}
