package io.shardmill.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.embedded.model.Durability;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DescriptorsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void as_many_shards_as_descriptors_are_written_and_read(Durability durability) throws Exception {
        ChildJvm child =
                ChildJvm.startWithDescriptors(64, CrowdedChild.class, List.of(folder.toString(), durability.name()));
        assertThat(child.output())
                .contains("READ " + 3 * CrowdedChild.RECORDS)
                .noneMatch(line -> line.startsWith("NOT"));
    }
}
