package io.shardmill.lambda.process;

import java.io.IOException;

/** Thrown when a connection sends something other than HTTP, or a request beyond the bounds; the connection is closed. */
final class MalformedRequestException extends IOException {

    private static final long serialVersionUID = 1;

    MalformedRequestException(String what) {
        super(what);
    }
}
