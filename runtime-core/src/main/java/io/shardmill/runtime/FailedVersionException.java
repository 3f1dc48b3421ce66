package io.shardmill.runtime;

/** A published version of a function failed; the cause is what it threw. What fails otherwise is {@code $LATEST}. */
public final class FailedVersionException extends Exception {

    private static final long serialVersionUID = 1;

    private final String version;

    /** @param version its number */
    public FailedVersionException(String version, Throwable cause) {
        super("version " + version, cause, false, false);
        this.version = version;
    }

    public String version() {
        return version;
    }
}
