package io.shardmill.benchmarks;

import io.shardmill.function.Record;
import io.shardmill.function.SequenceNumber;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.KinesisFormat;
import io.shardmill.poller.internal.filter.RecordFilter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import software.amazon.event.ruler.Machine;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** F1: what a filter costs a record, beside parsing its JSON and doing nothing with it, and beside AWS's own matcher. */
final class FilterCost implements Benchmark {

    private static final int RECORDS = 2_000;
    private static final String PARSING = "parsing";
    private static final String FILTER = "filter";
    private static final String LIBRARY = "event-ruler";
    private static final String PATTERN =
            "{\"data\":{\"delay\":[{\"numeric\":[\">\",60]}],\"origin\":[{\"prefix\":\"J\"},\"LGA\"],"
                    + "\"destination\":[{\"anything-but\":[\"LAX\",\"SFO\"]}],\"date\":[{\"exists\":true}]}}";
    private static final List<String> AIRPORTS = List.of("JFK", "LGA", "LAX", "SFO", "ORD", "DTW", "LAS", "HNL");
    private static final JsonFactory JSON = new JsonFactory();

    /** A payload as a record of a stream and, for the library, as an event that somebody has built already. */
    private record Input(Record record, byte[] payload, String event) {

        static Input of(int number, String payload) {
            byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
            Record record =
                    Record.of(new Shard("flights", "shardId-000000000000"), SequenceNumber.of(number), "key", bytes, 0);
            return new Input(record, bytes, "{\"data\":" + payload + "}");
        }
    }

    /** Goes over all payloads; has to find as many matches as the others. */
    private record Pass(List<Input> inputs, int matching, Matcher matcher) implements Side {

        interface Matcher {
            boolean matches(Input input) throws Exception;
        }

        @Override
        public long passNanos() throws Exception {
            long start = System.nanoTime();
            int matches = 0;
            for (Input input : inputs) {
                matches += matcher.matches(input) ? 1 : 0;
            }
            long nanos = System.nanoTime() - start;
            if (matches != matching) {
                throw new IllegalStateException(matches + " matches instead of " + matching);
            }
            return nanos;
        }
    }

    @Override
    public List<String> targets() {
        return List.of("F1");
    }

    @Override
    public void run(Bench bench, Report report) throws Exception {
        report.section(
                "Filters",
                "Microseconds a record on one thread, for a pattern of four fields. Parsing: every token of the payload, and"
                        + " nothing done with it. event-ruler: AWS's library with the pattern compiled, on events whose"
                        + " JSON was built beforehand.");
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("payload", "parsing", "filter", "event-ruler", "filter / parsing", "event-ruler / parsing"));
        Samples small = measure(bench, "5 fields, 90 bytes", flights(""), table);
        Samples large = measure(bench, "30 fields, 1 KiB", flights(more()), table);
        report.table(table);
        report.add(new Verdict(
                "F1",
                "a filter of four fields: <= 2.0 times the parsing of the JSON alone",
                "90 bytes: " + small.ratio() + ", 1 KiB: " + large.ratio(),
                small.median() <= 2 && large.median() <= 2,
                "The payload is matched while it is parsed, on one thread; parsing alone reads all tokens."));
    }

    private static Samples measure(Bench bench, String what, List<Input> inputs, List<List<String>> table)
            throws Exception {
        RecordFilter filter = RecordFilter.of(
                KinesisFormat.of("arn:aws:kinesis:us-east-1:000000000000:stream/flights")
                        .filterFields(),
                List.of(PATTERN));
        Machine machine = Machine.builder().build();
        machine.addRule("rule", PATTERN);
        int matching = (int)
                inputs.stream().filter(input -> filter.matches(input.record())).count();
        Map<String, Side> sides = new LinkedHashMap<>();
        sides.put(PARSING, new Pass(inputs, inputs.size(), FilterCost::parses));
        sides.put(FILTER, new Pass(inputs, matching, input -> filter.matches(input.record())));
        sides.put(
                LIBRARY,
                new Pass(
                        inputs,
                        matching,
                        input -> !machine.rulesForJSONEvent(input.event()).isEmpty()));
        Callable<Round> round = () -> Round.of(sides, bench.run());
        round.call();
        List<Round> rounds = bench.rounds(round);
        Samples filterToParsing = Round.ratio(rounds, PARSING, FILTER);
        table.add(List.of(
                what,
                micros(rounds, PARSING),
                micros(rounds, FILTER),
                micros(rounds, LIBRARY),
                filterToParsing.ratio(),
                Round.ratio(rounds, PARSING, LIBRARY).ratio()));
        return filterToParsing;
    }

    private static String micros(List<Round> rounds, String side) {
        return Samples.of(rounds, round -> round.nanos(side) / RECORDS / 1_000).show("%.2f", "");
    }

    private static boolean parses(Input input) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), input.payload())) {
            while (parser.nextToken() != null) {
                // nothing is done with it
            }
            return true;
        }
    }

    private static List<Input> flights(String more) {
        return IntStream.range(0, RECORDS)
                .mapToObj(number -> Input.of(
                        number,
                        "{\"date\":\"2001/01/01 00:%02d\",\"delay\":%d,\"distance\":1750,\"origin\":\"%s\",\"destination\":\"%s\"%s}"
                                .formatted(
                                        number % 60,
                                        number % 97 - 10,
                                        AIRPORTS.get(number % 8),
                                        AIRPORTS.get((number / 8 + 1) % 8),
                                        more)))
                .toList();
    }

    /** Fields that no pattern names, an object and an array among them. */
    private static String more() {
        StringBuilder more = new StringBuilder();
        for (int number = 0; number < 22; number++) {
            more.append(",\"field%d\":\"some text of value %d\"".formatted(number, number));
        }
        return more + ",\"crew\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"weather\":{\"wind\":12.5,\"rain\":false}";
    }
}
