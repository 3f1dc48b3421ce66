package io.shardmill.examples.flightdelays;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class IsolatedRecordsTest {

    /** Its data is the beginning of a line. */
    private static final String DOCUMENT =
            "{\"payload\":\"{\\\"Records\\\":[{\\\"kinesis\\\":{\\\"sequenceNumber\\\":\\\"%d\\\",\\\"data\\\":\\\"eyJsaW5l\\\"}}]}\"}\n";

    @TempDir
    private Path folder;

    private IsolatedRecords isolated() {
        return new IsolatedRecords(
                "file:" + folder.resolve("isolated.jsonl"), JsonMapper.builder().build());
    }

    private void written(String content) throws IOException {
        Files.writeString(folder.resolve("isolated.jsonl"), content);
    }

    @Test
    void a_record_that_was_sent_or_put_twice_counts_once() throws IOException {
        written(DOCUMENT.formatted(7) + DOCUMENT.formatted(7) + DOCUMENT.formatted(9));
        assertThat(isolated().texts()).containsExactly("{\"line");
    }

    @Test
    void a_line_that_a_crash_cut_short_is_no_record() throws IOException {
        written(DOCUMENT.substring(0, 20) + "\n" + DOCUMENT.formatted(7));
        assertThat(isolated().texts()).containsExactly("{\"line");
    }

    @Test
    void without_a_file_there_is_none() {
        assertThat(isolated().texts()).isEmpty();
    }
}
