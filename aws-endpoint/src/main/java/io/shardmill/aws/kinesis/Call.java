package io.shardmill.aws.kinesis;

import io.shardmill.aws.http.AwsResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.exc.JacksonIOException;

/** A request for one action, with its body still unread. */
record Call(Wire wire, byte[] body, String requestId) {

    /** For an action that reads its members as they come. */
    JsonParser parser() {
        return wire.parser(body);
    }

    /** All members at once. */
    Members members() {
        return Members.read(this);
    }

    AwsResponse.Whole success(Reply reply) {
        return answer(200, reply);
    }

    /** Written as it is told; what its records take is given back when they are sent, or can't be. */
    AwsResponse.Written success(AnswerMemory.Share share, Consumer<Reply> members) {
        return new AwsResponse.Written(200, headers(wire.contentType()), out -> {
            try (share) {
                Reply reply = new Reply(wire, out);
                members.accept(reply);
                reply.end();
            } catch (JacksonIOException gone) {
                throw gone.getCause();
            }
        });
    }

    AwsResponse.Whole failure(int status, String errorCode, String message) {
        return answer(status, new Reply(wire).text("__type", errorCode).text("message", wellFormed(message)));
    }

    /** A message may show what the request holds: half a surrogate pair, which neither form can write, becomes a ?. */
    private static String wellFormed(String message) {
        return new String(message.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private AwsResponse.Whole answer(int status, Reply reply) {
        return new AwsResponse.Whole(status, headers(wire.contentType()), reply.finish());
    }

    Map<String, String> headers(String contentType) {
        return Map.of("Content-Type", contentType, "x-amzn-RequestId", requestId);
    }

    /** Payloads stay out of logs. */
    @Override
    public String toString() {
        return "Call[" + requestId + ", " + wire + ", " + body.length + " bytes]";
    }
}
