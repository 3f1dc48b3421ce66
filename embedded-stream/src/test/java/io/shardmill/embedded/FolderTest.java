package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.internal.files.ChecksummedLines;
import io.shardmill.embedded.internal.metadata.MetadataFile;
import io.shardmill.embedded.model.StreamFolderException;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.function.PutEntry;
import io.shardmill.runtime.files.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder as a whole: its lock and its metadata. */
class FolderTest {

    @TempDir
    Path folder;

    private EmbeddedStreams open() {
        return EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder));
    }

    @Test
    void a_second_opening_in_this_process_is_a_clear_error_and_harmless() {
        try (EmbeddedStreams first = open()) {
            first.createStream(STREAM, 1);
            assertThatThrownBy(this::open)
                    .isInstanceOf(StreamFolderException.class)
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("open in this process already: close");
            first.put(STREAM, PutEntry.of("k", "x"));
        }
        open().close();
    }

    @Test
    void a_second_process_is_refused_even_after_this_one_tried_to_open_twice() throws Exception {
        try (EmbeddedStreams first = open()) {
            assertThatThrownBy(this::open).isInstanceOf(StreamFolderException.class);
            ChildJvm child = ChildJvm.start(PuttingChild.class, List.of(folder.toString(), "process"));
            assertThat(child.output())
                    .anyMatch(line -> line.contains("StreamFolderException")
                            && line.contains(folder.toString())
                            && line.contains("open in another process ("
                                    + ProcessHandle.current().pid() + ")"));
            assertThat(first.list()).isEmpty();
        }
    }

    @Test
    void metadata_that_cannot_be_read_is_an_error_that_names_the_line() throws IOException {
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, StreamOptions.ofShards(2).withTags(Map.of("a", "b")));
            streams.consumers().register(STREAM, "billing", Map.of("c", "d"));
        }
        Path file = folder.resolve(MetadataFile.NAME);
        List<String> lines = Files.readAllLines(file);
        Files.write(file, new byte[] {(byte) 0xC3, 0x28, '\n'});
        assertThatThrownBy(this::open)
                .isInstanceOf(StreamFolderException.class)
                .hasMessageContaining(file + " is damaged, line 1: its checksum is wrong");
        for (int broken = 0; broken < lines.size(); broken++) {
            List<String> changed = new ArrayList<>(lines);
            changed.set(broken, lines.get(broken) + " more");
            Files.write(file, changed);
            assertThatThrownBy(this::open)
                    .isInstanceOf(StreamFolderException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("line " + (broken + 1))
                    .hasMessageContaining("Restore it");
            changed.remove(broken);
            Files.write(file, changed);
            assertThatThrownBy(this::open).isInstanceOf(StreamFolderException.class);
        }
        Files.write(file, lines);
        open().close();
    }

    @Test
    void a_folder_of_another_format_is_refused_and_left_as_it_is() throws IOException {
        open().close();
        Path file = folder.resolve(MetadataFile.NAME);
        byte[] other = new ChecksummedLines().write(List.of("{\"format\":6,\"more\":true}", "something new"));
        Files.write(file, other);
        assertThatThrownBy(this::open)
                .isInstanceOf(StreamFolderException.class)
                .hasMessageContaining(
                        "the folder has format 6; this version of the software reads and writes format 5");
        assertThat(Files.readAllBytes(file)).isEqualTo(other);
    }

    @Test
    void an_older_copy_of_the_metadata_is_refused() throws IOException {
        Path file = folder.resolve(MetadataFile.NAME);
        byte[] older;
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, 1);
            older = Files.readAllBytes(file);
            streams.tags().add(streams.describe(STREAM).arn(), Map.of("a", "b"));
        }
        byte[] newest = Files.readAllBytes(file);
        Files.write(file, older);
        assertThatThrownBy(this::open)
                .isInstanceOf(StreamFolderException.class)
                .hasMessageContaining(file + " is an older copy");
        Files.delete(file);
        Folders.delete(StreamTesting.streamFolder(folder));
        assertThatThrownBy(this::open)
                .isInstanceOf(StreamFolderException.class)
                .hasMessageContaining(file + " is missing");
        Files.write(file, newest);
        assertThatThrownBy(this::open)
                .isInstanceOf(StreamFolderException.class)
                .hasMessageContaining("which is missing: restore it");
    }

    @Test
    void missing_metadata_or_records_are_an_error_and_nothing_is_touched() throws IOException {
        try (EmbeddedStreams streams = open()) {
            streams.createStream(STREAM, 1);
            streams.put(STREAM, PutEntry.of("k", "x"));
        }
        Path file = folder.resolve(MetadataFile.NAME);
        Path moved = folder.resolve("moved");
        Files.move(file, moved);
        assertThatThrownBy(this::open)
                .isInstanceOf(StreamFolderException.class)
                .hasMessageContaining(file + " is missing");
        Files.move(moved, file);
        Path records =
                StreamTesting.segments(folder, StreamTesting.SHARD_0).get(0).getParent();
        Path elsewhere = folder.resolveSibling(folder.getFileName() + "-elsewhere");
        Files.move(records, elsewhere);
        assertThatThrownBy(this::open)
                .isInstanceOf(StreamFolderException.class)
                .hasMessageContaining(records + ", which is missing");
        Files.move(elsewhere, records);
        try (EmbeddedStreams streams = open()) {
            assertThat(StreamTesting.texts(streams)).containsExactly("x");
        }
    }

    @Test
    void a_temporary_folder_goes_on_close() {
        EmbeddedStreams streams = EmbeddedStreams.temporary(new SettableClock());
        streams.createStream(STREAM, 1);
        String segment = streams.put(STREAM, PutEntry.of("k", "x")).toString();
        assertThat(segment).isNotEmpty();
        streams.close();
    }

    @Test
    void settings_outside_their_ranges_are_refused_by_name() {
        EmbeddedStreamsSettings settings = EmbeddedStreamsSettings.in(folder);
        assertThatThrownBy(() -> settings.withSegmentBytes(1000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("segmentBytes is 1000");
        assertThatThrownBy(() -> settings.withRetention(Duration.ofDays(366)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("retention is 366d but must be 1s to 365d");
    }
}
