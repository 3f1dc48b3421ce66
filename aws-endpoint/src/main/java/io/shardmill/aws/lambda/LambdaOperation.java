package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.http.RequestHead;
import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.aws.protocol.Wire;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * One of Lambda's operations, and where its members are: in the path, in the query, and all others in the body.
 *
 * @param path segments without the date of the API's version; a member's name in braces is its place
 * @param query the members that the query has
 * @param takesPayload whether the body has no members
 * @param maxBody most bytes of the body of a request with that head
 */
record LambdaOperation(
        Operation<Action> operation,
        String method,
        List<String> path,
        List<String> query,
        boolean takesPayload,
        ToIntFunction<RequestHead> maxBody) {

    private static final int MAX_BODY_BYTES = 1 << 20;

    /** What an operation does. */
    interface Action {
        AwsResponse run(Call call) throws InterruptedException;
    }

    /** @param place such as {@code GET functions/{FunctionName}/aliases?Marker&MaxItems} */
    static LambdaOperation of(String name, String place, Shape input, Action action) {
        int blank = place.indexOf(' ');
        String[] uri = place.substring(blank + 1).split("\\?", 2);
        return new LambdaOperation(
                new Operation<>(name, input, action),
                place.substring(0, blank),
                List.of(uri[0].split("/")),
                uri.length == 1 ? List.of() : List.of(uri[1].split("&")),
                false,
                head -> MAX_BODY_BYTES);
    }

    /** Defines an operation whose body is a payload, and has no members. */
    static LambdaOperation ofPayload(String name, String place, Shape input, Action action) {
        LambdaOperation other = of(name, place, input, action);
        return new LambdaOperation(other.operation, other.method, other.path, other.query, true, other.maxBody);
    }

    LambdaOperation withMaxBody(ToIntFunction<RequestHead> bytes) {
        return new LambdaOperation(operation, method, path, query, takesPayload, bytes);
    }

    /** Returns the operation as it is when this does not refuse it. */
    LambdaOperation after(Consumer<Call> check) {
        Action checked = call -> {
            check.accept(call);
            return operation.action().run(call);
        };
        return new LambdaOperation(
                new Operation<>(operation.name(), operation.input(), checked),
                method,
                path,
                query,
                takesPayload,
                maxBody);
    }

    /** @param segments of {@link #segments} */
    boolean matches(RequestHead head, List<String> segments) {
        if (!method.equals(head.method()) || path.size() != segments.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            if (!isMember(path.get(i)) && !path.get(i).equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isMember(String segment) {
        return segment.startsWith("{");
    }

    /**
     * Reads and checks a request.
     *
     * @param segments of {@link #segments}
     * @return the members, to be closed
     */
    Members read(RequestHead head, List<String> segments, byte[] body) {
        Members members = takesPayload || body.length == 0
                ? operation.input().none()
                : operation.input().read(Wire.JSON, body);
        boolean checked = false;
        try {
            for (int i = 0; i < segments.size(); i++) {
                if (isMember(path.get(i))) {
                    members.take(path.get(i).substring(1, path.get(i).length() - 1), List.of(decoded(segments.get(i))));
                }
            }
            for (String name : query) {
                List<String> values = head.query().get(name);
                if (values != null && !values.equals(List.of(""))) {
                    members.take(name, values);
                }
            }
            members.check();
            checked = true;
            return members;
        } finally {
            if (!checked) {
                members.close();
            }
        }
    }

    /** Returns a path's segments without the date, and without a slash at the end. */
    static List<String> segments(RequestHead head) {
        List<String> parts = List.of(head.path().split("/", -1)); // "", date, ...
        int end = parts.get(parts.size() - 1).isEmpty() ? parts.size() - 1 : parts.size();
        return parts.subList(2, Math.max(2, end));
    }

    /** Decodes as paths are encoded: a plus is a plus. */
    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw AwsException.serialization("The path's percent-encoding is malformed");
        }
    }
}
