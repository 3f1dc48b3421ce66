package io.shardmill.embedded;

import static io.shardmill.embedded.StreamTesting.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.model.Durability;
import io.shardmill.embedded.model.RecoveryReport;
import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.function.Record;
import io.shardmill.poller.stream.Position;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KillTest {

    private static final int LIVES = 3;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void after_kill_9_every_acknowledged_record_is_there_in_order_under_its_number(Durability durability)
            throws Exception {
        long seed = durability == Durability.PROCESS ? 99 : 100;
        Random random = new Random(seed);
        Map<String, String> acknowledged = new HashMap<>();
        Set<String> numbers = new HashSet<>();
        for (int life = 0; life < LIVES; life++) {
            ChildJvm child = ChildJvm.start(
                    PuttingChild.class, List.of(folder.toString(), durability.name(), String.valueOf(life)));
            int kills = 200 + random.nextInt(800);
            try (BufferedReader lines = child.lines()) {
                for (int seen = 0; seen < kills; ) {
                    String line = lines.readLine();
                    assertThat(line)
                            .as("the child ended by itself, seed %s", seed)
                            .isNotNull();
                    if (line.startsWith("ACK ")) {
                        String[] words = line.split(" ", -1);
                        assertThat(numbers.add(words[1])).isTrue();
                        acknowledged.put(words[2], words[1]);
                        seen++;
                    }
                }
                child.kill();
            }
            assertAllThere(acknowledged, seed);
        }
    }

    private void assertAllThere(Map<String, String> acknowledged, long seed) {
        try (EmbeddedStreams streams =
                EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder).withSegmentBytes(256 << 10))) {
            assertThat(streams.recovery().report().findings())
                    .as("seed %s", seed)
                    .allMatch(finding -> finding.kind() == RecoveryReport.Kind.TORN_TAIL);
            Map<String, String> found = new HashMap<>();
            Map<String, Integer> lastOfWriter = new HashMap<>();
            for (StreamInfo.ShardInfo shard : streams.describe(STREAM).shards()) {
                for (Record read : StreamTesting.records(streams, shard.id(), Position.trimHorizon())) {
                    String[] words = read.text().split("/", -1);
                    found.put(
                            words[0] + "/" + words[1] + "/" + words[2],
                            read.sequenceNumber().toString());
                    Integer before = lastOfWriter.put(words[0] + "/" + words[1], Integer.valueOf(words[2]));
                    assertThat(Integer.parseInt(words[2])).isEqualTo(before == null ? 0 : before + 1);
                }
            }
            assertThat(found).as("seed %s", seed).containsAllEntriesOf(acknowledged);
        }
    }
}
