package io.shardmill.spring;

import java.util.List;
import java.util.stream.Collectors;

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

    /** All that is wrong, a line each; the property is that of the first. */
    private ShardmillConfigurationException(List<ShardmillConfigurationException> faults) {
        super(faults.stream().map(Throwable::getMessage).collect(Collectors.joining("\n")));
        this.property = faults.get(0).property;
        faults.forEach(this::addSuppressed);
    }

    /** Throws what is wrong as one, if anything is. */
    static void throwIfAny(List<ShardmillConfigurationException> faults) {
        if (!faults.isEmpty()) {
            throw faults.size() == 1 ? faults.get(0) : new ShardmillConfigurationException(faults);
        }
    }

    /** Its full name, such as {@code shardmill.mappings.delays.batch-size}. */
    public String property() {
        return property;
    }
}
