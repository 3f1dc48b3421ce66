package io.shardmill.spring;

import io.shardmill.function.Record;
import io.shardmill.runtime.DescribedFault;

/** A record that can't be read as what a function takes; the message says where, not what is in it. */
public final class UnreadableRecordException extends RuntimeException implements DescribedFault {

    private static final long serialVersionUID = 1;

    UnreadableRecordException(Record record, String type, String problem) {
        super(record + " can't be read as " + type + ": " + problem);
    }

    @Override
    public String describe(boolean showsPayloads) {
        return String.valueOf(getMessage());
    }
}
