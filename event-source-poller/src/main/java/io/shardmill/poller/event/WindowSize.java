package io.shardmill.poller.event;

import io.shardmill.runtime.Window;

/** The size of what a tumbling window adds to an event with records, as {@link WindowJson} writes it. */
final class WindowSize {

    /** A window without shard id, ARN and state: its times always take 20 bytes. */
    private static final String WINDOW = """
            ,"shardId":"","eventSourceARN":"","window":{"start":"2026-09-17T14:11:10Z","end":"2026-09-17T14:11:20Z"},\
            "state":,"isFinalInvokeForWindow":false,"isWindowTerminatedEarly":false""";

    private static final int FALSE_BYTES = "false".length();
    private static final int TRUE_BYTES = "true".length();

    private final long sameInAllWindows;

    WindowSize(String shardId, String sourceArn) {
        this.sameInAllWindows = WINDOW.length() + JsonSize.escaped(shardId) + JsonSize.escaped(sourceArn);
    }

    /** Returns the size of an open window whose state takes this many bytes. */
    long of(long stateBytes) {
        return sameInAllWindows + stateBytes;
    }

    long of(Window window) {
        return of(JsonSize.utf8(window.state()))
                - (window.isFinal() ? FALSE_BYTES - TRUE_BYTES : 0)
                - (window.isTerminatedEarly() ? FALSE_BYTES - TRUE_BYTES : 0);
    }
}
