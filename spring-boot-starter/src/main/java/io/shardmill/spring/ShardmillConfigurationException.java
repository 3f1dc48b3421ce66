package io.shardmill.spring;

/** Something is configured so that it can't work; the message names the full property, the value and the rule. */
public final class ShardmillConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String property;

    /** @param property its full name, such as {@code shardmill.mappings.delays.batch-size} */
    ShardmillConfigurationException(String property, String problem) {
        super(property + ": " + problem);
        this.property = property;
    }

    ShardmillConfigurationException(String property, RuntimeException cause) {
        super(property + ": " + cause.getMessage(), cause);
        this.property = property;
    }

    /** Of a message such as {@code batch-size: 0 must be between 1 and 10000}, which names the last part of the property. */
    static ShardmillConfigurationException under(String prefix, IllegalArgumentException invalid) {
        String[] message = String.valueOf(invalid.getMessage()).split(": ", 2);
        return message.length == 2
                ? new ShardmillConfigurationException(prefix + "." + message[0], message[1])
                : new ShardmillConfigurationException(prefix, invalid);
    }

    /** Its full name, such as {@code shardmill.mappings.delays.batch-size}. */
    public String property() {
        return property;
    }
}
