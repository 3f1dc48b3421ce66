package io.shardmill.aws.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** What a service answers. */
public sealed interface AwsResponse {

    int status();

    /** With {@code Content-Type} if there is a body. */
    Map<String, String> headers();

    record Whole(int status, Map<String, String> headers, byte[] body) implements AwsResponse {}

    /** Written as it is made, on the request's thread; its content is asked to write itself exactly once. */
    record Written(int status, Map<String, String> headers, Content content) implements AwsResponse {}

    /** Ends when its body does. How many there may be at once is for the service to say. */
    record Streamed(int status, Map<String, String> headers, Body body) implements AwsResponse {}

    /** What is written and then forgotten. */
    interface Content {

        /**
         * Writes all of it.
         *
         * @throws IOException if the client has gone
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Written on a thread of its own, which it may hold for minutes. */
    interface Body {

        /**
         * Writes to the client, and flushes what should go out.
         *
         * @throws IOException if the client has gone
         * @throws InterruptedException if the endpoint is stopped
         */
        void writeTo(OutputStream out) throws IOException, InterruptedException;

        /** Called instead if it can't be written. */
        default void drop() {}
    }
}
