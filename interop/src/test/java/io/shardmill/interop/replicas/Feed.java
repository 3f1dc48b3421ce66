package io.shardmill.interop.replicas;

import java.util.List;

/** A stream that replicas read under the name {@code orders}, and how records come into it. */
interface Feed extends AutoCloseable {

    int shards();

    /** What replicas have to be told of it. */
    List<String> arguments();

    /** Returns when a record of each key is in the stream. */
    void put(List<String> keys, String text);

    @Override
    void close();
}
