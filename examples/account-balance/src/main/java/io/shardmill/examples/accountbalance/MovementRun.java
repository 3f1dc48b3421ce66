package io.shardmill.examples.accountbalance;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.control.Mappings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * With {@code --movements=10000} puts random movements into the stream, and compares the balances with their sums when all are
 * delivered. {@code --seed} repeats the movements of an earlier run; with {@code --compare-only} they are not put again.
 */
@Component
@ConditionalOnProperty("movements")
class MovementRun implements ApplicationRunner, ApplicationListener<ContextClosedEvent> {

    private static final String STREAM = "movements";
    private static final String MAPPING = "balances";
    private static final int BATCH = 500;

    private static final Duration LOOK = Duration.ofSeconds(5);

    /** So many looks without anything new are the end, even if movements are missing, or there twice. */
    private static final int LONG_QUIET = 12;

    private final StreamWriter writer;
    private final Mappings mappings;
    private final BalanceTable table;
    private final JsonMapper json;
    private final GeneratedMovements generated;
    private volatile boolean isStopping;

    MovementRun(StreamWriter writer, Mappings mappings, BalanceTable table, JsonMapper json, Environment environment) {
        this.writer = writer;
        this.mappings = mappings;
        this.table = table;
        this.json = json;
        int random = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
        this.generated = new GeneratedMovements(
                environment.getProperty("seed", Integer.class, random),
                environment.getRequiredProperty("movements", Integer.class));
    }

    /** Comes before anything stops. */
    @Override
    public void onApplicationEvent(ContextClosedEvent closed) {
        isStopping = true;
    }

    @Override
    public void run(ApplicationArguments arguments) throws InterruptedException, ExecutionException {
        System.out.println(generated.count() + " movements of accounts " + generated.prefix() + "0 to 99; --seed="
                + generated.seed() + " makes the same again");
        try {
            if (!arguments.containsOption("compare-only")) {
                put(generated.all());
                System.out.println("All are in the stream");
            }
            awaitDelivered(mappings.drained(MAPPING));
            System.out.println(result());
        } catch (RuntimeException | ExecutionException failure) {
            if (!isStopping) {
                throw failure;
            }
            System.out.println("Stopped before all movements were put and delivered; the next start resumes delivery");
        }
    }

    private void put(List<Movement> movements) {
        for (int from = 0; from < movements.size(); from += BATCH) {
            List<PutEntry> entries = movements.subList(from, Math.min(from + BATCH, movements.size())).stream()
                    .map(movement -> PutEntry.of(movement.account(), json.writeValueAsBytes(movement)))
                    .toList();
            for (PutResult result : writer.putAll(STREAM, entries)) {
                if (result instanceof PutResult.Rejected rejected) {
                    throw new IllegalStateException("The stream refused a movement: " + rejected);
                }
            }
        }
    }

    /** Until this process has delivered everything, or, if others deliver too, nothing more comes. */
    private void awaitDelivered(CompletableFuture<Void> drained) throws InterruptedException, ExecutionException {
        long added = -1;
        int quiet = 0;
        while (quiet < LONG_QUIET && !(quiet > 0 && added == generated.count())) {
            try {
                drained.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException notByThisProcess) {
                long now = table.movements(generated.prefix());
                quiet = now == added ? quiet + 1 : 0;
                added = now;
            }
        }
    }

    /** Returns the line for machines. */
    private String result() {
        Map<String, Long> sums = generated.sums();
        Map<String, Long> balances = table.balances(generated.prefix());
        long wrong = sums.entrySet().stream()
                .filter(sum -> !sum.getValue().equals(balances.get(sum.getKey())))
                .count();
        return String.format(
                Locale.ROOT,
                "RESULT seed=%d movements=%d added=%d accounts=%d wrong=%d",
                generated.seed(),
                generated.count(),
                table.movements(generated.prefix()),
                sums.size(),
                wrong);
    }
}
