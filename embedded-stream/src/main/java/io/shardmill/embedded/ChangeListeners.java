package io.shardmill.embedded;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Notifies listeners that a stream was created, deleted or resharded, or lost a consumer. Thread-safe. */
final class ChangeListeners {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeListeners.class);

    private record Listener(String stream, Runnable action) {}

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    AutoCloseable add(String stream, Runnable action) {
        Listener listener = new Listener(stream, action);
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void changed(String stream) {
        for (Listener listener : listeners) {
            if (listener.stream().equals(stream)) {
                try {
                    listener.action().run();
                } catch (RuntimeException | Error e) {
                    LOG.error("A listener to changes of stream '{}' failed", stream, e);
                }
            }
        }
    }
}
