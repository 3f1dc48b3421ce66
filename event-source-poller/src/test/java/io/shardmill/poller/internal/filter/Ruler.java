package io.shardmill.poller.internal.filter;

import java.util.stream.IntStream;
import software.amazon.event.ruler.Machine;

/** The oracle: AWS's own matcher, as its users run it. */
final class Ruler {

    static {
        // Some of its own assertions fail on patterns that it then matches well.
        Ruler.class.getClassLoader().setPackageAssertionStatus("software.amazon.event.ruler", false);
    }

    private Ruler() {}

    /** Whether it takes the pattern at all. It refuses some with other exceptions than its own. */
    static boolean takes(String pattern) {
        try {
            machine(pattern);
            return true;
        } catch (Exception refused) {
            return false;
        }
    }

    static boolean matches(String pattern, String event) {
        try {
            return !machine(pattern).rulesForJSONEvent(event).isEmpty();
        } catch (Exception unexpected) {
            throw new AssertionError(pattern + " on " + event, unexpected);
        }
    }

    /**
     * Whether machines of the same pattern answer differently. The library adds the tests of a field in an order that is another one
     * each time, and some sets of them match only in some orders.
     */
    static boolean contradictsItself(String pattern, String event) {
        boolean first = matches(pattern, event);
        return IntStream.range(0, 200).anyMatch(again -> matches(pattern, event) != first);
    }

    private static Machine machine(String pattern) throws Exception {
        Machine machine = Machine.builder().build();
        machine.addRule("rule", pattern);
        return machine;
    }
}
