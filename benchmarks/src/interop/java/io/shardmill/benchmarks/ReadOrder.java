package io.shardmill.benchmarks;

import java.util.List;

/**
 * What a reader in another process is to read, and how.
 *
 * @param application what the reader keeps its checkpoints under: those of an earlier order with the same one are used
 * @param records the stream has, numbered from 0; {@link #OPEN} while some are still put
 * @param batch records of a batch at most
 * @param poison the number of a record that the handler throws on; negative for none
 */
record ReadOrder(
        String application,
        String streamArn,
        Access access,
        Pace pace,
        int records,
        int batch,
        int poison,
        Failure failure) {

    /** Records of a batch, and of a read, at most. */
    static final int LARGEST_BATCH = 10_000;

    /** For latencies. */
    static final int OPEN = 0;

    enum Access {
        POLLING,
        FAN_OUT
    }

    /** How a reader is set. */
    enum Pace {
        /** As it comes. */
        DEFAULTS,
        /** As it comes, but that the Kinesis Client Library waits less for its leases. */
        QUICK_LEASES,
        /** With quick leases, and the least pause between reads that the Kinesis Client Library takes. */
        LEAST_PAUSE
    }

    /** What the handler does with the poison. */
    enum Failure {
        THROW_ONCE,
        THROW_ALWAYS
    }

    static ReadOrder of(String application, String streamArn, Access access, Pace pace, int records) {
        return new ReadOrder(
                application, streamArn, access, pace, records, LARGEST_BATCH, -1, Failure.THROW_ONCE);
    }

    ReadOrder failing(int batch, int poison, Failure failure) {
        return new ReadOrder(application, streamArn, access, pace, records, batch, poison, failure);
    }

    /** Number of the record from which on all have to be handled: of those that no batch with the poison can have. */
    int awaitedFrom() {
        return poison < 0 ? 0 : poison + batch;
    }

    String stream() {
        return streamArn.substring(streamArn.lastIndexOf('/') + 1);
    }

    List<String> words() {
        return List.of(
                application,
                streamArn,
                access.name(),
                pace.name(),
                "" + records,
                "" + batch,
                "" + poison,
                failure.name());
    }

    static ReadOrder parse(List<String> words) {
        return new ReadOrder(
                words.get(0),
                words.get(1),
                Access.valueOf(words.get(2)),
                Pace.valueOf(words.get(3)),
                Integer.parseInt(words.get(4)),
                Integer.parseInt(words.get(5)),
                Integer.parseInt(words.get(6)),
                Failure.valueOf(words.get(7)));
    }
}
