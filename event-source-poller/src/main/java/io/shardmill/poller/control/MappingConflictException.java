package io.shardmill.poller.control;

import java.util.UUID;

/** A mapping of the same stream and function, qualifier included, exists; the message is Lambda's (spec case 15). */
public final class MappingConflictException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    /** The blanks inside the quotes are Lambda's. */
    MappingConflictException(String streamArn, String function, UUID existing) {
        super("The event source arn (\" " + streamArn + " \") and function (\" " + function
                + " \") provided mapping already exists. Please update or delete the existing mapping with UUID "
                + existing);
    }
}
