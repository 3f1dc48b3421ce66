package io.shardmill.poller.stream;

import java.util.Optional;

/** A stream that has come in place of another one. */
public final class MovedStream extends ForwardingSource {

    private final Predecessor predecessor;

    public MovedStream(StreamSource source, Predecessor predecessor) {
        super(source);
        this.predecessor = predecessor;
    }

    @Override
    public StreamSource forMapping(String mapping) {
        return new MovedStream(source().forMapping(mapping), predecessor);
    }

    @Override
    public Optional<Predecessor> predecessor() {
        return Optional.of(predecessor);
    }

    /** Watches the predecessor, too. */
    @Override
    public AutoCloseable onChange(Runnable listener) {
        AutoCloseable before = predecessor.source().onChange(listener);
        AutoCloseable own = super.onChange(listener);
        return () -> {
            try (before) {
                own.close();
            }
        };
    }
}
