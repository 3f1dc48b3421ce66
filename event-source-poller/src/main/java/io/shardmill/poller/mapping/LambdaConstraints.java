package io.shardmill.poller.mapping;

import io.shardmill.poller.mapping.LambdaErrorException.LambdaError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The constraints of Lambda's API model on single members; all that are broken are told at once, in AWS's words. */
final class LambdaConstraints {

    private final List<String> broken = new ArrayList<>();

    LambdaConstraints range(String member, @Nullable Integer value, int min, int max) {
        if (value != null && value > max) {
            breaks(member, value, "Member must have value less than or equal to " + max);
        } else if (value != null && value < min) {
            breaks(member, value, "Member must have value greater than or equal to " + min);
        }
        return this;
    }

    LambdaConstraints oneOf(String member, @Nullable String value, List<String> values) {
        if (value != null && !values.contains(value)) {
            breaks(member, value, "Member must satisfy enum value set: " + values);
        }
        return this;
    }

    LambdaConstraints eachOf(String member, List<String> each, List<String> values) {
        if (!values.containsAll(each)) {
            breaks(
                    member,
                    each,
                    "Member must satisfy constraint: [Member must satisfy enum value set: " + values
                            + ", Member must not be null]");
        }
        return this;
    }

    LambdaConstraints length(String member, @Nullable String value, int min, int max) {
        if (value != null && value.length() < min) {
            breaks(member, value, "Member must have length greater than or equal to " + min);
        } else if (value != null && value.length() > max) {
            breaks(member, value, "Member must have length less than or equal to " + max);
        }
        return this;
    }

    LambdaConstraints required(String member, @Nullable Object value) {
        if (value == null) {
            broken.add(isNull(member));
        }
        return this;
    }

    static String isNull(String member) {
        return "Value null at '" + member + "' failed to satisfy constraint: Member must not be null";
    }

    private void breaks(String member, Object value, String rule) {
        broken.add("Value '" + value + "' at '" + member + "' failed to satisfy constraint: " + rule);
    }

    /** @throws LambdaErrorException if anything is broken */
    void check() {
        if (!broken.isEmpty()) {
            throw new LambdaErrorException(
                    LambdaError.ValidationException,
                    broken.size() + (broken.size() == 1 ? " validation error" : " validation errors") + " detected: "
                            + String.join("; ", broken));
        }
    }
}
