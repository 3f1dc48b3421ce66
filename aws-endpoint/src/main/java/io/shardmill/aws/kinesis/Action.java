package io.shardmill.aws.kinesis;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Shape;

/** What one of Kinesis's operations does. Thread-safe; may block. */
interface Action {

    /**
     * Carries a request out.
     *
     * @param request keeps the constraints of the operation's table
     * @throws AwsException for what is answered by an error; the embedded streams' own exceptions may pass as they are
     */
    AwsResponse run(Members request, Exchange exchange);

    /** An action that writes the members of its response; one without a response writes nothing. */
    interface Writing {
        void run(Members request, ResponseWriter response);
    }

    /** Defines an operation whose response is small. */
    static Operation<Action> operation(String name, Shape input, Writing action) {
        return new Operation<>(
                name, input, (request, exchange) -> exchange.success(response -> action.run(request, response)));
    }
}
