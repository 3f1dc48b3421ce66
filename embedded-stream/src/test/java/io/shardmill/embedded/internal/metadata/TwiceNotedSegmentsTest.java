package io.shardmill.embedded.internal.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.function.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Memory can run out between the noting of a new segment and its use: then it is made again, and noted again. */
class TwiceNotedSegmentsTest {

    private static final Shard SHARD = new Shard("orders", SequenceNumbers.shardId(0));

    @Test
    void a_segment_that_is_noted_twice_is_one_segment() {
        SegmentMeta first = new SegmentMeta(1, 64, 0);
        SegmentMeta sealed = new SegmentMeta(1, 900, 7);
        SegmentMeta second = new SegmentMeta(8, 64, 7);
        List<String> lines = new ArrayList<>(MetadataLines.write(new StoredFolder(1, FolderMeta.EMPTY, Map.of())));
        lines.add(MetadataLines.write(new SegmentChange.Rolled(SHARD, null, first)));
        lines.add(MetadataLines.write(new SegmentChange.Rolled(SHARD, null, first)));
        lines.add(MetadataLines.write(new SegmentChange.Rolled(SHARD, sealed, second)));
        lines.add(MetadataLines.write(new SegmentChange.Rolled(SHARD, sealed, second)));

        assertThat(MetadataLines.read(lines).segmentsOf(SHARD).list()).containsExactly(sealed, second);
    }
}
