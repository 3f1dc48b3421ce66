package io.shardmill.embedded.internal.log;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds how many segment files are open for writing at once: the least recently written one is closed, and opened
 * again when it is next needed. Used by the log thread only.
 */
final class OpenSegmentLimit {

    private static final int LARGEST = 1_000;
    private static final int SMALLEST = 4;

    /** The rest is for sockets, jars, and the files that readers map. */
    private static final int SHARE = 4;

    private final int max;
    private final Map<SegmentWriter, Boolean> byUse = new LinkedHashMap<>(16, 0.75f, true);

    /** @param max at least 1 */
    OpenSegmentLimit(int max) {
        this.max = max;
    }

    /** Allows a quarter of the process's limit of descriptors, 4 to 1,000. */
    static OpenSegmentLimit ofLimit() {
        long descriptors = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : (long) LARGEST * SHARE;
        return new OpenSegmentLimit((int) Math.max(SMALLEST, Math.min(descriptors / SHARE, LARGEST)));
    }

    /** Returns how many segments can be written before the first is forced, so that none is closed unforced. */
    int max() {
        return max;
    }

    /** Makes room for the writer's file, which is opened or used now. */
    void use(SegmentWriter writer) throws IOException {
        byUse.put(writer, Boolean.TRUE);
        Iterator<SegmentWriter> longestUnused = byUse.keySet().iterator();
        while (byUse.size() > max) {
            SegmentWriter closed = longestUnused.next();
            longestUnused.remove();
            closed.release();
        }
    }

    void closed(SegmentWriter writer) {
        byUse.remove(writer);
    }
}
