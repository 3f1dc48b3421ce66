package io.shardmill.poller.internal.shard;

import io.shardmill.poller.checkpoint.CheckpointUpdate;
import io.shardmill.poller.monitoring.ShardStatus;
import java.util.function.Consumer;

/** A message to a shard's owner. Each carries its effect on the owner. */
interface ShardMessage {

    /** Alarms, wake-ups and grants are constants: there may be no memory for a message when one comes. */
    ShardMessage ALARM = new Alarm();

    ShardMessage WAKE = new Wake();
    ShardMessage PERMIT_GRANTED = new PermitGranted();

    ShardMessage EVENT_MEMORY_GRANTED = new EventMemoryGranted();
    ShardMessage RECORD_MEMORY_GRANTED = new RecordMemoryGranted();

    void on(ShardOwner owner);

    /** A due time has come. */
    record Alarm() implements ShardMessage {
        @Override
        public void on(ShardOwner owner) {
            owner.onAlarm();
        }
    }

    /** The reader may have something. */
    record Wake() implements ShardMessage {
        @Override
        public void on(ShardOwner owner) {
            owner.onWake();
        }
    }

    record PermitGranted() implements ShardMessage {
        @Override
        public void on(ShardOwner owner) {
            owner.parts().runner().permitGranted();
        }
    }

    /** A share of the memory for events is the shard's. */
    record EventMemoryGranted() implements ShardMessage {
        @Override
        public void on(ShardOwner owner) {
            owner.parts().lanes().startWith(owner.parts().runner().memoryGranted());
        }
    }

    /** A share of the memory for records is the shard's. */
    record RecordMemoryGranted() implements ShardMessage {
        @Override
        public void on(ShardOwner owner) {
            owner.parts().fetcher().held().memoryGranted();
        }
    }

    /** {@code call} has passed its deadline and still runs on {@code thread}. */
    record PastDeadline(LaneCall<?> call, Thread thread) implements ShardMessage {
        @Override
        public void on(ShardOwner owner) {
            owner.parts().runner().pastDeadline(call, thread);
        }
    }

    record Saved(CheckpointUpdate update) implements ShardMessage {
        @Override
        public void on(ShardOwner owner) {
            owner.parts().saved(update);
        }
    }

    /** Another process has the shard. */
    record Lost() implements ShardMessage {
        @Override
        public void on(ShardOwner owner) {
            owner.parts().completion().lost();
        }
    }

    /** No new work; end when what runs has returned and is saved. */
    record Stop() implements ShardMessage {
        @Override
        public void on(ShardOwner owner) {
            owner.parts().completion().stop();
        }
    }

    /** Ends without waiting for the last state to be saved. */
    record LeaveUnsaved() implements ShardMessage {
        @Override
        public void on(ShardOwner owner) {
            owner.parts().completion().leaveUnsaved();
        }
    }

    /** End now, whatever still runs; its outcome is not waited for. */
    record Abandon() implements ShardMessage {
        @Override
        public void on(ShardOwner owner) {
            owner.parts().completion().abandon();
        }
    }

    record Describe(Consumer<ShardStatus> answer) implements ShardMessage {
        @Override
        public void on(ShardOwner owner) {
            answer.accept(owner.status());
        }
    }

    /** Runs {@code drained} once when the stream was read again and everything of the shard is finished and saved. */
    record WhenDrained(Runnable drained) implements ShardMessage {
        @Override
        public void on(ShardOwner owner) {
            owner.parts().completion().whenDrained(drained);
        }
    }
}
