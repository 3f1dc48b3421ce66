package io.shardmill.lambda;

import io.shardmill.runtime.DescribedFault;

/** Says what is wrong with a function's report of failed records, quoting nothing of it. */
final class InvalidReportException extends Exception implements DescribedFault {

    private static final long serialVersionUID = 1;

    InvalidReportException(String fault) {
        super("invalid report, so the whole batch fails: " + fault, null, false, false);
    }

    @Override
    public String describe(boolean showsPayloads) {
        return String.valueOf(getMessage());
    }
}
