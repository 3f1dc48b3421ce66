package io.shardmill.benchmarks;

import java.io.IOException;
import java.nio.file.Path;

/** The report beside the Kinesis Client Library, and a drawing of its figures. */
final class KinesisReport extends DrawnReport {

    static final String COMMAND = "java -jar benchmarks/target/benchmarks-kinesis.jar";

    /** Adds a figure that is judged; it is drawn unless it is of a slow server. */
    void judge(KinesisBench bench, String target, Figure figure, String remark) {
        add(figure.verdict(target, remark));
        if (!bench.isSlow()) {
            figure(figure);
        }
    }

    void write(Bench bench, Path target) throws IOException {
        write(target, drawing -> introduction(bench, drawing));
    }

    private static String introduction(Bench bench, String drawing) {
        return """
                # Beside the Kinesis Client Library

                Written by `%s`; do not edit. %s. Load of the machine at the end: %.1f.

                Mappings of Shardmill beside AWS's Kinesis Client Library 3.5.1 (KCL), each in a JVM of its own with 1 GB of
                heap, the same version of AWS's SDK over Netty, and records of %d bytes. They read the same streams in turns
                (A, B, A, B, ...): medians of %d rounds, on kinesis-local of one; the smallest and the largest round are in
                brackets. The servers are processes of their own: the packaged server of Shardmill, without Kinesis's limits of
                throughput; npm's %s; and DynamoDB Local in memory, for the leases of the KCL.

                Shardmill is an application with the Spring Boot starter and checkpoints in an H2 file. It has its defaults, but
                batches of up to %d records, as many as the KCL has by default. The KCL is set up as its documentation does,
                without metrics; its processor checkpoints after each batch. "200 ms" is the least idleTimeBetweenReads that it
                takes; its default is 1,500 ms. Where the start is not what is measured, its intervals for leases are 1 s, for it
                to begin sooner; requests that keep leases are not counted. It is judged by the better of its settings.
                A reader that takes more than %d s for something is reported as not within the bound.

                ![Medians of the figures on Shardmill's endpoint](%s)
                """.formatted(
                        COMMAND,
                        Machine.describe(bench.folder()),
                        Machine.load(),
                        StampedRecord.BYTES,
                        bench.rounds(),
                        KinesisServer.KINESIS_LOCAL,
                        ReadOrder.LARGEST_BATCH,
                        KinesisBench.BOUND_SECONDS,
                        drawing);
    }
}
