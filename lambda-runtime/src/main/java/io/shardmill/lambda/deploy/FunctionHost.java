package io.shardmill.lambda.deploy;

import java.nio.file.Path;

/** Runs functions of one isolation. Thread-safe. */
public interface FunctionHost extends AutoCloseable {

    /**
     * A function ready to be invoked.
     *
     * @param version {@code $LATEST} or a published version's number
     * @param code a folder laid out as {@code /var/task} is on Lambda; nothing in it changes until the function is closed
     * @throws RuntimeException that says why this code can't be run
     */
    HostedFunction open(FunctionConfiguration configuration, String version, Path code);

    /** After all of its functions. */
    @Override
    void close();
}
