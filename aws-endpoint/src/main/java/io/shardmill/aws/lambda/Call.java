package io.shardmill.aws.lambda;

import io.shardmill.aws.http.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to one operation.
 *
 * @param places what its path has at the places of its pattern, decoded
 */
record Call(RequestHead head, byte[] body, List<String> places) {

    /** The function that the path names, with the qualifier of path or parameter. */
    FunctionRef function() {
        return FunctionRef.of(places.get(0), head.parameter("Qualifier"));
    }

    /** Lambda's {@code MaxItems}, no more than a page has. */
    int pageSize(int most) {
        String text = head.parameter("MaxItems");
        int items = text == null ? most : number(text);
        if (items < 1) {
            throw LambdaRefusal.constraint("maxItems", items, "have value greater than or equal to 1");
        }
        return Math.min(items, most);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            throw LambdaRefusal.unreadable("MaxItems must be an Integer");
        }
    }

    /** Where the page begins, or null for the first one. */
    @Nullable
    String marker() {
        String marker = head.parameter("Marker");
        return marker == null || marker.isEmpty() ? null : marker;
    }

    /** Payloads stay out of logs. */
    @Override
    public String toString() {
        return "Call[" + head.method() + " " + head.path() + "]";
    }
}
