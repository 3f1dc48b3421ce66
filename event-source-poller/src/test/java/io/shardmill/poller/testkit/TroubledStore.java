package io.shardmill.poller.testkit;

import io.shardmill.poller.checkpoint.CheckpointStore;
import io.shardmill.poller.checkpoint.CheckpointUpdate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A store whose saves can be made to fail; counts them. */
public final class TroubledStore extends ForwardingStore {

    private @Nullable Throwable outage;
    private int saves;

    public TroubledStore(CheckpointStore store) {
        super(store);
    }

    /** From now on saves throw this runtime exception or error, or no more with null. */
    public void outage(@Nullable Throwable outage) {
        this.outage = outage;
    }

    /** How many saves were tried. */
    public int saves() {
        return saves;
    }

    @Override
    public List<CheckpointUpdate> save(List<CheckpointUpdate> updates) {
        saves++;
        if (outage instanceof Error error) {
            throw error;
        }
        if (outage instanceof RuntimeException exception) {
            throw exception;
        }
        return super.save(updates);
    }
}
