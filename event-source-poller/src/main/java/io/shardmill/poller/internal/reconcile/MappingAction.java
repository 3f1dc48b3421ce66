package io.shardmill.poller.internal.reconcile;

import io.shardmill.poller.checkpoint.MappingKey;
import io.shardmill.poller.checkpoint.StoredMapping.StoredReplay;
import io.shardmill.poller.stream.StreamDescription.ShardDescription;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Something to do for a mapping. */
public sealed interface MappingAction {

    /** Asks for no shards any more, so that other processes can take them. */
    record Withdraw() implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.withdraw();
        }
    }

    /** Tells all shards to stop. */
    record StopShards() implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.stopShards();
        }
    }

    /** Runs with this from now on: nothing that runs is in its way. */
    record Apply(DesiredState desired) implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.apply(desired);
        }
    }

    /** Reads the stream's listing, and the mapping's rows on it. */
    record ReadStream() implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.readStream();
        }
    }

    /** Goes on with the stream that has come in place of the one that was read: that has nothing left. */
    record ReadSuccessor() implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.readSuccessor();
        }
    }

    /** Reads the mapping's rows on the stream as it was listed last. */
    record ReadRows() implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.readRows();
        }
    }

    /** Stores where the mapping begins on a stream that it has never seen. */
    record CreateFirstRows() implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.createFirstRows();
        }
    }

    /** Stores rows of shards that came later than the mapping. */
    record CreateRows(List<ShardDescription> shards) implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.createRows(shards);
        }
    }

    /** Deletes the rows of shards that the stream has forgotten. */
    record DeleteRows(List<String> shards) implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.deleteRows(shards);
        }
    }

    /** Deletes the mapping's rows on incarnations of its stream that this process has seen end. */
    record DeleteIncarnations(List<MappingKey> gone) implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.deleteIncarnations(gone);
        }
    }

    /** Carries out a replay that was accepted. */
    record ApplyReplay(StoredReplay replay) implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.applyReplay(replay);
        }
    }

    /** Carries out the replay that the process was started with. */
    record ReplayAtStart(String from) implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.replayAtStart(from);
        }
    }

    /** Forgets the replay that the process was started with: other processes consume the stream. */
    record DropReplayAtStart() implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.dropReplayAtStart();
        }
    }

    /** Stops consuming shards that another process has taken or replayed. */
    record YieldShards(Set<String> shards) implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.yieldShards(shards);
        }
    }

    /** Stops consuming shards that other processes are to have. */
    record HandOverShards(Set<String> shards) implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.handOverShards(shards);
        }
    }

    /** Gives up the shards that were stopped, so that other processes can take them. */
    record ReleaseShards() implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.releaseShards();
        }
    }

    /** Takes shards over and consumes them. */
    record StartShards(List<String> shards) implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.startShards(shards);
        }
    }

    /** Removes the mapping's stored state, and its rows. */
    record Remove(long version) implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.remove(version);
        }
    }

    /**
     * Ends the pass.
     *
     * @param nextMillis the next pass begins after this time at the latest; null if only an event begins it
     */
    record Rest(Phase phase, @Nullable Long nextMillis) implements MappingAction {
        @Override
        public void performBy(Performer performer) {
            performer.rest(phase, nextMillis);
        }
    }

    /** Calls the method that performs this action. */
    void performBy(Performer performer);

    /** Performs actions. What fails throws; then the mapping is observed and decided on anew. */
    interface Performer {

        void withdraw();

        void stopShards();

        void apply(DesiredState desired);

        void readStream();

        void readSuccessor();

        void readRows();

        void createFirstRows();

        void createRows(List<ShardDescription> shards);

        void deleteRows(List<String> shards);

        void deleteIncarnations(List<MappingKey> gone);

        void applyReplay(StoredReplay replay);

        void replayAtStart(String from);

        void dropReplayAtStart();

        void yieldShards(Set<String> shards);

        void handOverShards(Set<String> shards);

        void releaseShards();

        void startShards(List<String> shards);

        void remove(long version);

        void rest(Phase phase, @Nullable Long nextMillis);
    }
}
