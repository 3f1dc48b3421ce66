package io.shardmill.poller.destination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.event.InvocationRecord;
import io.shardmill.runtime.NotInvokedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class FileDestinationTest {

    private static final int SENDERS = 8;
    private static final int SENDS = 40;

    @TempDir
    private Path folder;

    @Test
    void writes_one_document_with_payload_a_line() throws Exception {
        try (FileDestination destination = new FileDestination(file())) {
            destination.send(Discarded.batch("a"));
            assertThat(lines()).containsExactly(document("a"));
            destination.send(Discarded.batch("b"));
        }
        assertThat(requestIds()).containsExactly("a", "b");
    }

    private static String document(String id) throws Exception {
        return new String(InvocationRecord.jsonWithPayload(Discarded.batch(id)), StandardCharsets.UTF_8);
    }

    @Test
    void creates_missing_folders_and_appends_to_what_is_there() throws Exception {
        Path file = folder.resolve("a/b/discarded.jsonl");
        for (String id : List.of("a", "b")) {
            try (FileDestination destination = new FileDestination(file)) {
                destination.send(Discarded.batch(id));
            }
        }
        assertThat(Files.readAllLines(file)).hasSize(2);
    }

    @Test
    void a_last_line_cut_short_by_a_crash_is_ended_and_lines_never_merge() throws Exception {
        Files.writeString(file(), InvocationRecord.json(Discarded.batch("a")) + "\n{\"requestContext\":{\"requ");
        try (FileDestination destination = new FileDestination(file())) {
            destination.send(Discarded.batch("b"));
        }
        assertThat(lines()).hasSize(3);
        assertThat(lines().get(1)).isEqualTo("{\"requestContext\":{\"requ");
        assertThat(lines().get(2)).isEqualTo(document("b"));
    }

    @Test
    void a_file_that_was_rotated_or_deleted_is_made_anew_and_nothing_goes_to_the_old_one() throws Exception {
        Path rotated = folder.resolve("rotated");
        try (FileDestination destination = new FileDestination(file())) {
            destination.send(Discarded.batch("a"));
            Files.move(file(), rotated);
            destination.send(Discarded.batch("b"));
            assertThat(requestIds()).containsExactly("b");
            Files.delete(file());
            destination.send(Discarded.batch("c"));
            destination.send(Discarded.batch("d"));
        }
        assertThat(requestIds()).containsExactly("c", "d");
        assertThat(Files.readAllLines(rotated)).hasSize(1);
    }

    @Test
    void a_whole_last_line_is_not_followed_by_an_empty_one() throws Exception {
        Files.writeString(file(), "{}\n");
        try (FileDestination destination = new FileDestination(file())) {
            destination.send(Discarded.batch("a"));
        }
        assertThat(lines()).hasSize(2);
    }

    @Test
    void concurrent_sends_each_have_a_line_of_their_own_though_half_of_the_senders_are_interrupted() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(SENDERS);
        try (FileDestination destination = new FileDestination(file())) {
            List<Future<?>> senders = new ArrayList<>();
            for (int i = 0; i < SENDERS; i++) {
                int sender = i;
                senders.add(threads.submit(() -> {
                    send(destination, sender, sender % 2 == 0);
                    return sender;
                }));
            }
            for (Future<?> sender : senders) {
                sender.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(requestIds()).doesNotHaveDuplicates().hasSize(SENDERS * SENDS);
    }

    private static void send(FileDestination destination, int sender, boolean interrupted) throws Exception {
        for (int i = 0; i < SENDS; i++) {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            destination.send(Discarded.batch(sender + "-" + i));
        }
    }

    @Test
    void a_batch_that_comes_after_closing_is_sent_again_in_a_later_run() throws Exception {
        FileDestination destination = new FileDestination(file());
        destination.close();
        assertThatThrownBy(() -> destination.send(Discarded.batch("a"))).isInstanceOf(NotInvokedException.class);
        assertThat(lines()).isEmpty();
    }

    @Test
    void a_file_that_cannot_be_written_refuses_nothing_and_takes_the_batch_when_it_can() throws Exception {
        try (FileDestination destination = new FileDestination(file())) {
            Files.delete(file());
            Files.createDirectory(file());
            assertThatThrownBy(() -> destination.send(Discarded.batch("a")))
                    .isInstanceOf(NotInvokedException.class)
                    .hasMessageContaining("file:" + file() + " can't be written");
            Files.delete(file());
            destination.send(Discarded.batch("a"));
        }
        assertThat(requestIds()).containsExactly("a");
    }

    private Path file() {
        return folder.resolve("discarded.jsonl");
    }

    private List<String> lines() throws IOException {
        return Files.readAllLines(file());
    }

    private List<String> requestIds() throws IOException {
        return lines().stream()
                .map(line -> JsonMapper.shared()
                        .readTree(line)
                        .get("requestContext")
                        .get("requestId")
                        .stringValue())
                .toList();
    }
}
