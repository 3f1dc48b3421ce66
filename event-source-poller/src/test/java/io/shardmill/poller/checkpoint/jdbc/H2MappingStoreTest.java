package io.shardmill.poller.checkpoint.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardmill.poller.checkpoint.CheckpointRow;
import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.MappingStoreContract;
import io.shardmill.poller.checkpoint.ShardState;
import io.shardmill.poller.checkpoint.StoredMapping;
import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import io.shardmill.poller.stream.Position;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class H2MappingStoreTest extends MappingStoreContract {

    @RegisterExtension
    private final H2FileDatabase database = new H2FileDatabase();

    @Test
    void a_replay_whose_rows_can_not_be_written_is_not_marked_as_applied() {
        StoredMapping mapping =
                new StoredMapping("m", "{}", true, false, new StoredReplay(1, "TRIM_HORIZON", false), Instant.EPOCH, 1);
        store().create("shop", mapping);
        CheckpointRow tooLong =
                CheckpointRow.begin("x".repeat(300), ShardState.READING, Position.trimHorizon(), List.of());

        assertThatThrownBy(() -> store().applyReplay(new MappingKey("shop", "m", "s", "1"), 1, List.of(tooLong)))
                .isInstanceOf(CheckpointStoreException.class);
        assertThat(store().find("shop", "m")).contains(mapping);
    }

    @Override
    protected MappingStore store() {
        return new JdbcMappingStore(database.pool(), CLOCK);
    }

    @Override
    protected CheckpointStore checkpoints() {
        return new JdbcCheckpointStore(database.pool(), CLOCK);
    }
}
