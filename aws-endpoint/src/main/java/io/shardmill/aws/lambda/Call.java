package io.shardmill.aws.lambda;

import io.shardmill.aws.http.RequestHead;
import io.shardmill.aws.protocol.Members;

/**
 * A request to one operation.
 *
 * @param request the members of its path, its query and its body, which keep the constraints of the operation's table
 * @param body as it was sent; a payload where the operation takes one
 */
record Call(RequestHead head, Members request, byte[] body) {

    /** Payloads stay out of logs. */
    @Override
    public String toString() {
        return "Call[" + head.method() + " " + head.path() + "]";
    }
}
