package io.shardmill.aws.kinesis;

import java.util.regex.Pattern;

/**
 * A pattern of AWS's for ARNs. It is shown as AWS has it, but matched so that the {@code .*} between two colons takes in
 * no colon: several in a row that may would need a second for a text of 2,048 characters.
 */
record ArnPattern(String shown, Pattern matched) {

    static ArnPattern of(String shown) {
        return new ArnPattern(shown, Pattern.compile(shown.replace(".*", "[^:]*")));
    }
}
