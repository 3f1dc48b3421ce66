package io.shardmill.aws.kinesis;

import io.shardmill.aws.http.AwsResponse;

/** One of Kinesis's actions. Thread-safe; may block. */
interface Action {

    /**
     * Carries a request out.
     *
     * @throws KinesisException for what is answered by an error; the embedded streams' own exceptions may pass as they are
     */
    AwsResponse answer(Call call);

    /** An action whose request is small enough to be looked at as a whole. */
    interface OfMembers extends Action {

        /** Writes the members of the answer; an action without an answer writes nothing. */
        void answer(Members request, Reply reply);

        @Override
        default AwsResponse answer(Call call) {
            Reply reply = new Reply(call.wire());
            answer(call.members(), reply);
            return call.success(reply);
        }
    }
}
