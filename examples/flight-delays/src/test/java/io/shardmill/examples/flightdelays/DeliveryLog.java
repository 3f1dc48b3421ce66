package io.shardmill.examples.flightdelays;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.SequenceNumber;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import io.shardmill.runtime.InvocationInterceptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes what the function is given, before it is called, and what it has done, before the engine knows it: the
 * file says at least what the engine can know. A write outlives kill -9 once it has returned; each process writes
 * a file of its own, so that only a last line can be cut short.
 */
final class DeliveryLog implements InvocationInterceptor {

    static final String GIVEN = "given";
    static final String DONE = "done";

    private final FileOutputStream file;

    private DeliveryLog(FileOutputStream file) {
        this.file = file;
    }

    static DeliveryLog open(String folder) {
        try {
            Path file = fileOf(Path.of(folder), ProcessHandle.current().pid());
            return new DeliveryLog(new FileOutputStream(file.toFile()));
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    static Path fileOf(Path folder, long pid) {
        return folder.resolve("deliveries-" + pid + ".txt");
    }

    @Override
    public Answer around(Invocation invocation, InvocableFunction function) throws Exception {
        write(GIVEN, invocation.records());
        Answer answer = function.invoke(invocation);
        write(DONE, doneOf(invocation.records(), answer.result()));
        return answer;
    }

    private static List<Record> doneOf(List<Record> batch, Result result) {
        if (result instanceof Result.FailedRecords failed) {
            SequenceNumber first =
                    failed.numbers().stream().min(SequenceNumber::compareTo).orElseThrow();
            return batch.stream()
                    .filter(record -> record.sequenceNumber().compareTo(first) < 0)
                    .toList();
        }
        return batch;
    }

    private void write(String what, List<Record> records) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Record record : records) {
            lines.append(what)
                    .append(' ')
                    .append(record.partitionKey())
                    .append(' ')
                    .append(record.sequenceNumber())
                    .append('\n');
        }
        synchronized (this) {
            file.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
