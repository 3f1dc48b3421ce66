package io.shardmill.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.function.InvocationContext;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.destination.OnFailureDestination;
import io.shardmill.spring.test.ShardmillTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The functions and the destination that the guide shows, at work. */
@ShardmillTest(
        classes = FunctionsGuideTest.Application.class,
        properties = {
            "shardmill.streams.flights.shards=1",
            "shardmill.streams.late.shards=1",
            "shardmill.streams.orders.shards=1",
            "shardmill.mappings.countDelays.stream=flights",
            "shardmill.mappings.countDelays.maximum-retry-attempts=0",
            "shardmill.mappings.countDelays.bisect-batch-on-function-error=true",
            "shardmill.mappings.countDelays.on-failure=discardedFlights",
            "shardmill.mappings.lateFlights.stream=late",
            "shardmill.mappings.lateFlights.function=onlyLate|notifyAirports",
            "shardmill.mappings.store.stream=orders"
        })
class FunctionsGuideTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    static final class Delays {

        private final Map<String, Integer> minutes = new ConcurrentHashMap<>();

        void add(String airport, int delay) {
            minutes.merge(airport, delay, Integer::sum);
        }

        int at(String airport) {
            return minutes.getOrDefault(airport, 0);
        }
    }

    static final class Discarded {

        private final List<String> texts = new CopyOnWriteArrayList<>();

        void add(Record record) {
            texts.add(record.text());
        }
    }

    /** A table in another database, which refuses a consumer whose shard has been taken over. */
    record FencedTable(JdbcClient database, TransactionTemplate transaction) {

        void write(Shard shard, long token, List<Record> orders) {
            transaction.executeWithoutResult(begun -> {
                int shards = database.sql("update shard_fence set fencing_token = :token"
                                + " where shard = :shard and fencing_token <= :token")
                        .param("token", token)
                        .param("shard", shard.toString())
                        .update();
                if (shards == 0) {
                    throw new IllegalStateException("another consumer has " + shard);
                }
                orders.forEach(order -> database.sql("insert into shop_order (text) values (?)")
                        .param(order.text())
                        .update());
            });
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        record Flight(String origin, int delay) {}

        /** Counts delays, and reports the first flight without an origin. */
        @Bean
        Function<List<Flight>, Result> countDelays(Delays delays) {
            return flights -> {
                for (int index = 0; index < flights.size(); index++) {
                    Flight flight = flights.get(index);
                    if (flight.origin() == null) {
                        return Result.failedFrom(index);
                    }
                    delays.add(flight.origin(), flight.delay());
                }
                return Result.success();
            };
        }

        /** Keeps the flights that are late. */
        @Bean
        Function<List<Flight>, List<Flight>> onlyLate() {
            return flights ->
                    flights.stream().filter(flight -> flight.delay() > 0).toList();
        }

        @Bean
        Consumer<List<Flight>> notifyAirports(Delays delays) {
            return flights -> flights.forEach(flight -> delays.add(flight.origin(), flight.delay()));
        }

        /** Refuses to write for a consumer that has lost its shard. */
        @Bean
        Consumer<List<Record>> store(FencedTable table) {
            return batch -> {
                InvocationContext invocation = InvocationContext.current();
                table.write(invocation.shard(), invocation.fencingToken(), batch);
            };
        }

        /** Returns when the records are safe; throwing refuses the batch, which is then dropped. */
        @Bean
        OnFailureDestination discardedFlights(Discarded discarded) {
            return batch -> batch.records().forEach(discarded::add);
        }

        /** Puts flights, and returns those that the stream has not taken. */
        record FlightImport(StreamWriter writer) {

            List<PutEntry> put(List<PutEntry> flights) {
                List<PutResult> results = writer.putAll("flights", flights);
                List<PutEntry> rejected = new ArrayList<>();
                for (int index = 0; index < results.size(); index++) {
                    if (results.get(index) instanceof PutResult.Rejected refusal) {
                        System.err.println(refusal.errorCode() + ": " + refusal.message());
                        rejected.add(flights.get(index));
                    }
                }
                return rejected;
            }
        }

        @Bean
        FlightImport flightImport(StreamWriter writer) {
            return new FlightImport(writer);
        }

        @Bean
        Delays delays() {
            return new Delays();
        }

        @Bean
        Discarded discarded() {
            return new Discarded();
        }

        @Bean
        FencedTable table() {
            DataSource other = new DriverManagerDataSource("jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1");
            JdbcClient database = JdbcClient.create(other);
            database.sql("create table shop_order (text varchar(255) not null)").update();
            database.sql("create table shard_fence (shard varchar(255) primary key, fencing_token bigint not null)")
                    .update();
            database.sql("insert into shard_fence values ('orders/shardId-000000000000', 0)")
                    .update();
            return new FencedTable(database, new TransactionTemplate(new JdbcTransactionManager(other)));
        }
    }

    @Autowired
    private StreamWriter writer;

    @Autowired
    private Mappings mappings;

    @Autowired
    private Delays delays;

    @Autowired
    private Discarded discarded;

    @Autowired
    private FencedTable table;

    @Autowired
    private Application.FlightImport flightImport;

    private void deliver(String stream, String... texts) {
        for (String text : texts) {
            writer.put(stream, PutEntry.of("key", text));
        }
        assertThat(mappings.awaitDrained(LONG)).isTrue();
    }

    @Test
    void a_typed_function_counts_flights_and_its_destination_gets_those_without_origin() {
        String nowhere = "{\"delay\":5}";
        deliver("flights", "{\"origin\":\"JFK\",\"delay\":17}", nowhere, "{\"origin\":\"JFK\",\"delay\":3}", "no JSON");

        assertThat(delays.at("JFK")).isEqualTo(20);
        assertThat(discarded.texts).containsExactly(nowhere, "no JSON");
    }

    @Test
    void many_records_are_put_at_once_and_those_that_are_rejected_come_back() {
        PutEntry tooLarge = PutEntry.of("SFO", "x".repeat(2 << 20));
        List<PutEntry> rejected = flightImport.put(List.of(
                PutEntry.of("SFO", "{\"origin\":\"SFO\",\"delay\":4}"),
                tooLarge,
                PutEntry.of("SFO", "{\"origin\":\"SFO\",\"delay\":5}")));
        assertThat(mappings.awaitDrained(LONG)).isTrue();

        assertThat(rejected).containsExactly(tooLarge);
        assertThat(delays.at("SFO")).isEqualTo(9);
    }

    @Test
    void a_composition_passes_on_what_its_first_function_keeps() {
        deliver("late", "{\"origin\":\"LAX\",\"delay\":9}", "{\"origin\":\"LAX\",\"delay\":-4}");

        assertThat(delays.at("LAX")).isEqualTo(9);
    }

    private List<String> orders() {
        return table.database()
                .sql("select text from shop_order")
                .query(String.class)
                .list();
    }

    @Test
    void a_function_hands_its_fencing_token_to_what_it_writes_to() {
        deliver("orders", "tea");

        assertThat(orders()).containsExactly("tea");
        Shard shard = new Shard("orders", "shardId-000000000000");
        long newest = table.database()
                .sql("select fencing_token from shard_fence")
                .query(Long.class)
                .single();
        List<Record> late = List.of(Record.of(shard, SequenceNumber.of(1), "key", "coffee", Instant.EPOCH));
        assertThatThrownBy(() -> table.write(shard, newest - 1, late))
                .hasMessageContaining("another consumer has " + shard);
        assertThat(orders()).as("of the late one nothing").containsExactly("tea");
        table.write(shard, newest, late);
        assertThat(orders()).containsExactly("tea", "coffee");
    }
}
