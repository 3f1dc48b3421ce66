package io.shardmill.lambda.deploy;

import io.shardmill.lambda.DeploymentException;

/** Counts what a function's code, with its layers, takes on the disk, and refuses what is beyond the bounds. */
final class CodeCount {

    private final CodeBounds bounds;
    private final String subject;
    private int files;
    private long bytes;

    private CodeCount(CodeBounds bounds, String subject) {
        this.bounds = bounds;
        this.subject = subject;
    }

    static CodeCount of(CodeSource source, CodeBounds bounds) {
        return new CodeCount(bounds, source.layers().isEmpty() ? "it has" : "code and layers together have");
    }

    static CodeCount unbounded() {
        return new CodeCount(CodeBounds.NONE, "it has");
    }

    CodeBounds bounds() {
        return bounds;
    }

    /** Adds a file or a folder. */
    void addFile() {
        files++;
        if (files > bounds.files()) {
            throw new DeploymentException(subject + " more than " + bounds.files() + " files and folders");
        }
    }

    void addBytes(int more) {
        bytes += more;
        if (bytes > bounds.bytes()) {
            throw new DeploymentException(subject + " more than " + bounds.bytes() + " bytes when unpacked");
        }
    }
}
