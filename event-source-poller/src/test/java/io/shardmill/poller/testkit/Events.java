package io.shardmill.poller.testkit;

import io.shardmill.function.Record;
import io.shardmill.function.Shard;
import io.shardmill.poller.event.EventFormat;
import io.shardmill.runtime.NotInvokedException;
import io.shardmill.runtime.Window;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events as texts. */
public final class Events {

    private Events() {}

    public static String json(EventFormat format, List<Record> records) {
        Shard shard =
                records.isEmpty() ? new Shard("none", "none") : records.get(0).shard();
        return json(format, shard, records, null);
    }

    public static String json(EventFormat format, Shard shard, List<Record> records, @Nullable Window window) {
        try {
            return new String(format.event(shard, records, window).bytes(), StandardCharsets.UTF_8);
        } catch (NotInvokedException full) {
            throw new AssertionError(full);
        }
    }
}
