package io.shardmill.aws.protocol;

/** What becomes of settings that mean nothing here. */
public enum UnsupportedSettings {
    /** A request that has one is refused. */
    REFUSED,
    /** One is taken, logged, kept and described as it was given, and has no effect. */
    IGNORED;

    /** The property that chooses, for messages. */
    public static final String PROPERTY = "shardmill.aws-endpoint.ignore-unsupported-settings";
}
