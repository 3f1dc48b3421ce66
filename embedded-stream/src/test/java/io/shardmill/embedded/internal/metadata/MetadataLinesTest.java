package io.shardmill.embedded.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.embedded.internal.metadata.SegmentChange.Rolled;
import io.shardmill.embedded.internal.metadata.SegmentChange.Trimmed;
import io.shardmill.embedded.model.Durability;
import io.shardmill.embedded.model.StreamConfig;
import io.shardmill.embedded.model.StreamMode;
import io.shardmill.function.Shard;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MetadataLinesTest {

    private static final Shard CLOSED = new Shard("orders", "shardId-000000000000");
    private static final Shard OPEN = new Shard("orders", "shardId-000000000001");
    private static final Instant CREATED = Instant.parse("2026-05-04T03:02:01.007Z");

    private static final StoredFolder FOLDER = new StoredFolder(57, folder(), Map.of(CLOSED, segments()));

    /** A folder that a released version wrote must be read by each that follows. */
    private static final List<String> WRITTEN = List.of(
            "{\"format\":5,\"version\":57,\"opening\":3,"
                    + "\"lastRun\":{\"stopped\":false,\"durability\":\"PROCESS\",\"boot\":\"eae3c5cb\"},\"streams\":1}",
            "{\"name\":\"orders\",\"incarnation\":\"5b1f0000-0000-0000-0000-000000000001\","
                    + "\"config\":{\"created\":\"2026-05-04T03:02:01.007Z\",\"mode\":\"PROVISIONED\","
                    + "\"maxRecordBytes\":1048576,\"retention\":\"PT24H\",\"tags\":{\"cost centre\":\"K\\u00F6ln\"},\"ignored\":{\"KeyId\":\"alias/mine\"}},"
                    + "\"consumers\":[{\"name\":\"billing\",\"createdMillis\":1790000000000,\"tags\":{}}],"
                    + "\"nextShard\":2,\"shards\":2}",
            "{\"shard\":{\"index\":0,\"createdSecond\":1790000000,"
                    + "\"range\":{\"start\":0,\"end\":340282366920938463463374607431768211455},\"parents\":[],"
                    + "\"closing\":{\"counter\":4294967303,\"millis\":1790000001000}},"
                    + "\"segments\":{\"trimmedThrough\":0,"
                    + "\"list\":[{\"base\":4294967296,\"bytes\":900,\"lastCounter\":4294967302}]}}",
            "{\"shard\":{\"index\":1,\"createdSecond\":1790000001,"
                    + "\"range\":{\"start\":0,\"end\":340282366920938463463374607431768211455},\"parents\":[0],"
                    + "\"closing\":null},\"segments\":{\"trimmedThrough\":0,\"list\":[]}}");

    private static FolderMeta folder() {
        HashRange ring = HashRange.evenly(1).get(0);
        List<ShardMeta> shards = List.of(
                new ShardMeta(
                        0, 1_790_000_000, ring, List.of(), new ShardMeta.Closing(4_294_967_303L, 1_790_000_001_000L)),
                new ShardMeta(1, 1_790_000_001, ring, List.of(0), null));
        StreamConfig config = new StreamConfig(
                CREATED,
                StreamMode.PROVISIONED,
                1 << 20,
                Duration.ofHours(24),
                new TreeMap<>(Map.of("cost centre", "K\u00f6ln")),
                new TreeMap<>(Map.of("KeyId", "alias/mine")));
        StreamMeta stream = new StreamMeta(
                "orders",
                UUID.fromString("5b1f0000-0000-0000-0000-000000000001"),
                config,
                List.of(new ConsumerMeta("billing", 1_790_000_000_000L, new TreeMap<>())),
                2,
                shards);
        LastRun run = new LastRun(false, Durability.PROCESS, "eae3c5cb");
        return new FolderMeta(3, run, new TreeMap<>(Map.of("orders", stream)));
    }

    private static ShardSegments segments() {
        return new ShardSegments(0, List.of(new SegmentMeta(4_294_967_296L, 900, 4_294_967_302L)));
    }

    @Test
    void a_folder_is_written_in_this_format() {
        assertThat(MetadataLines.write(FOLDER)).isEqualTo(WRITTEN);
    }

    @Test
    void a_written_folder_is_read() {
        StoredFolder read = MetadataLines.read(WRITTEN);
        assertThat(read.version()).isEqualTo(57);
        assertThat(read.meta()).isEqualTo(FOLDER.meta());
        assertThat(read.segmentsOf(CLOSED)).isEqualTo(segments());
        assertThat(read.segmentsOf(OPEN)).isEqualTo(ShardSegments.NONE);
    }

    @Test
    void changes_are_written_in_this_format_and_each_is_a_version() {
        Rolled rolled = new Rolled(OPEN, null, new SegmentMeta(8, 64, 7));
        Trimmed trimmed = new Trimmed(CLOSED, 4_294_967_302L, 4_294_967_303L);
        List<String> changes = List.of(MetadataLines.write(rolled), MetadataLines.write(trimmed));
        assertThat(changes)
                .containsExactly(
                        "{\"rolled\":{\"shard\":{\"stream\":\"orders\",\"id\":\"shardId-000000000001\"},"
                                + "\"sealed\":null,\"next\":{\"base\":8,\"bytes\":64,\"lastCounter\":7}},\"trimmed\":null}",
                        "{\"rolled\":null,\"trimmed\":{\"shard\":{\"stream\":\"orders\",\"id\":\"shardId-000000000000\"},"
                                + "\"through\":4294967302,\"firstKept\":4294967303}}");
        List<String> lines = new ArrayList<>(WRITTEN);
        lines.addAll(changes);
        StoredFolder read = MetadataLines.read(lines);
        assertThat(read.version()).isEqualTo(59);
        assertThat(read.segmentsOf(OPEN).list()).containsExactly(new SegmentMeta(8, 64, 7));
        assertThat(read.segmentsOf(CLOSED)).isEqualTo(new ShardSegments(4_294_967_302L, List.of()));
    }

    @Test
    void a_file_that_lacks_its_last_lines_is_refused() {
        for (int lines = 0; lines < WRITTEN.size(); lines++) {
            List<String> cut = WRITTEN.subList(0, lines);
            assertThatThrownBy(() -> MetadataLines.read(cut))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("line " + (lines + 1) + ": the file ends before it");
        }
    }

    @Test
    void what_is_unknown_or_missing_in_a_line_is_refused() {
        refuse(1, "\"nextShard\":2,", "\"nextShard\":2,\"more\":1,", "more");
        refuse(1, "\"nextShard\":2,", "", "nextShard");
        refuse(1, "\"name\":\"orders\"", "\"name\":\"a/b\"", "'a/b' is not a stream name");
        refuse(2, "\"index\":0", "\"index\":1", "line 4: the shard's index is out of order");
        refuse(3, "\"start\":0", "\"start\":1", "0 to 2^128 - 1");
    }

    private static void refuse(int line, String before, String after, String message) {
        List<String> changed = new ArrayList<>(WRITTEN);
        changed.set(line, changed.get(line).replace(before, after));
        assertThatThrownBy(() -> MetadataLines.read(changed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
