package io.shardmill.lambda.deploy;

/**
 * How much code a function may have, unpacked.
 *
 * @param files files and folders together
 * @param bytes of all files
 */
record CodeBounds(int files, long bytes) {

    /** How many folders may be within each other: handling paths takes time that grows with the square of it. */
    static final int MAX_DEPTH = 100;

    /** Lambda's 250 MB; Lambda sets no number of files. */
    static final CodeBounds LAMBDA = new CodeBounds(50_000, 250L << 20);

    /** For code that was within bounds when it was stored. */
    static final CodeBounds NONE = new CodeBounds(Integer.MAX_VALUE, Long.MAX_VALUE);
}
