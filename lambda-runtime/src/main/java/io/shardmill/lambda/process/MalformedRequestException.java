package io.shardmill.lambda.process;

import java.io.IOException;

/** A connection sent what is no HTTP request, or one beyond our bounds: it is closed. */
final class MalformedRequestException extends IOException {

    private static final long serialVersionUID = 1;

    MalformedRequestException(String what) {
        super(what);
    }
}
