package io.shardmill.examples.flightdelays;

import io.shardmill.function.SequenceNumber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the delivery logs of several processes, read one after the other, say together. */
final class Deliveries {

    private final Set<String> given = new LinkedHashSet<>();
    private final Set<String> done = new LinkedHashSet<>();
    private final Map<String, SequenceNumber> newest = new HashMap<>();
    private final List<String> outOfOrder = new ArrayList<>();

    /** Adds what a process that is dead has logged. */
    void add(Path log) {
        if (Files.exists(log)) {
            wholeLines(log).forEach(this::add);
        }
    }

    private static List<String> wholeLines(Path log) {
        try {
            String text = Files.readString(log);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void add(String line) {
        String[] words = line.split(" ", -1);
        if (words[0].equals(DeliveryLog.DONE)) {
            done.add(words[2]);
        } else if (given.add(words[2])) {
            SequenceNumber number = SequenceNumber.parse(words[2]);
            SequenceNumber before = newest.put(words[1], number);
            if (before != null && !number.isAfter(before)) {
                outOfOrder.add(line);
            }
        }
    }

    /** The sequence numbers of all records that the function was given at least once. */
    Set<String> given() {
        return given;
    }

    /** Those that the function said are done. */
    Set<String> done() {
        return done;
    }

    /** First deliveries that came after a first delivery of a later record of the same key. */
    List<String> outOfOrder() {
        return outOfOrder;
    }
}
