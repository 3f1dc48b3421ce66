package io.shardmill.embedded.model;

/**
 * Reports that the thread that waited for a put was interrupted; its interrupt flag is set again. The records may or
 * may not be stored: read the stream to find out, or put again and let the reader drop the duplicate.
 */
public final class PutInterruptedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public PutInterruptedException(String stream) {
        super("interrupted while putting into stream '" + stream + "': the records may or may not be stored");
    }
}
