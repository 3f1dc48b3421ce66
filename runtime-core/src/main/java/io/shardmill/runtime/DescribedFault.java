package io.shardmill.runtime;

/** An exception that knows which of its words quote no payload. */
public interface DescribedFault {

    /**
     * Describes itself in a line.
     *
     * @param showsPayloads whether the description may quote what the function got or answered
     */
    String describe(boolean showsPayloads);
}
