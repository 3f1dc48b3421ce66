package io.shardmill.kafka;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A client that is made when it is first needed. Thread-safe. */
final class Lazily<T> implements Supplier<T> {

    private final Supplier<T> maker;
    private @Nullable T made;
    private boolean isClosed;

    Lazily(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public synchronized T get() {
        if (isClosed) {
            throw new IllegalStateException("the streams were closed");
        }
        T client = made;
        if (client == null) {
            client = maker.get();
            made = client;
        }
        return client;
    }

    /** Closes a client that will not work again; another is made when one is needed. Does nothing if there is another already. */
    synchronized void replace(T broken, Consumer<T> closer) {
        if (made == broken) {
            made = null;
            closer.accept(broken);
        }
    }

    /** Closes the client, if there is one; no other is made. */
    synchronized void close(Consumer<T> closer) {
        isClosed = true;
        if (made != null) {
            closer.accept(made);
            made = null;
        }
    }
}
