package io.shardmill.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.kafka.common.utils.AppInfoParser;
import org.springframework.kafka.annotation.KafkaListener;

/** The report beside other readers of topics, and a drawing of its figures. */
final class KafkaReport extends DrawnReport {

    private final double loadAtBegin = Machine.load();

    /** Judges the first contestant of a figure by its ratio to another, round by round; and draws the figure. */
    void beside(String target, Figure figure, ContestantKind other, double times, String remark) {
        String first = figure.contenders().get(0);
        Figure ratio = figure.beside(other.title);
        boolean isReached =
                figure.isHigherBetter() ? ratio.median(first) >= times : ratio.median(first) <= times;
        add(new Verdict(
                target,
                "%s: %s %s times %s"
                        .formatted(figure.title(), figure.isHigherBetter() ? ">=" : "<=", times, other.title),
                ratio.show(first),
                isReached,
                remark));
        figure(figure);
    }

    /** Judges whether a figure of the first contestant is 0 in every round. */
    void zero(String target, Figure figure, String where) {
        Samples first = figure.of(figure.contenders().get(0));
        add(new Verdict(
                target,
                figure.title() + where + ": none",
                "%.0f".formatted(first.max()),
                first.max() == 0,
                "The function itself looks at each record."));
    }

    void write(KafkaBench bench, Path target) throws IOException {
        write(target, drawing -> introduction(bench, drawing));
    }

    private String introduction(KafkaBench bench, String drawing) {
        return """
                # Beside other readers of Kafka topics

                Written by `KafkaBenchmarks`; do not edit. %s. Load of the machine at the begin: %.1f, at the end: %.1f.

                Readers of the same topics of one Kafka %s broker, in turns (A, B, A, B, ...): medians of %d rounds; the smallest and the
                largest are in brackets. A ratio is the median of the rounds' own ratios. Each reader and the broker are processes of their own with 1 GB of heap, all on this
                machine. A reader is alone in its group.

                - **Shardmill** is an application with the Spring Boot starter, metrics and observations, checkpoints in an H2 file, and a
                  mapping with its defaults, but for batches of up to %d records, and %d retries and bisecting where a batch fails.
                - **poll()** is the loop that a person would write: one consumer, one thread, a batch a poll. It never commits.
                  **poll(), commitSync()** does after each batch.
                - **spring-kafka** %s is a container with a batch listener and its defaults: one consumer, which commits after each batch
                  and waits for the answer. **Tuned** it has a consumer a partition and commits without waiting.
                - **parallel-consumer** 0.5.3.3 is Confluent's, in the order of keys, with its defaults: it commits every five seconds and
                  hands over one record at a time. **Batches** are of up to %d records.

                The others have Kafka's default settings of a consumer, with polls of up to %d records, and no metrics; all have the classic
                protocol of groups. Records take one of %,d keys in turns. A reader that takes more than %d s for something is reported as
                not within the bound.

                ![Medians of the figures](%s)
                """.formatted(
                        Machine.describe(bench.bench().folder()),
                        loadAtBegin,
                        Machine.load(),
                        AppInfoParser.getVersion(),
                        bench.rounds(),
                        ConsumeOrder.POLL,
                        ConsumeOrder.RETRIES,
                        KafkaListener.class.getPackage().getImplementationVersion(),
                        KeyedConsumer.BATCH,
                        ConsumeOrder.POLL,
                        TopicFeed.KEYS,
                        KafkaBench.BOUND_MILLIS / 1_000,
                        drawing);
    }
}
