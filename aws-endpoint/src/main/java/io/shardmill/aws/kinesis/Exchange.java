package io.shardmill.aws.kinesis;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.protocol.AwsError;
import io.shardmill.aws.protocol.MemoryPool;
import io.shardmill.aws.protocol.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.exc.JacksonIOException;

/** One request and the ways to answer it, in the form of its body. */
record Exchange(Wire wire, String requestId) {

    /** Answers with the members that are written. */
    AwsResponse.Whole success(Consumer<ResponseWriter> members) {
        return response(200, members);
    }

    /** Answers with members that are written while they are sent; gives the memory back afterwards. */
    AwsResponse.Written success(MemoryPool.Share memory, Consumer<ResponseWriter> members) {
        return new AwsResponse.Written(200, headers(wire.contentType()), out -> {
            try (memory) {
                ResponseWriter writer = new ResponseWriter(wire, out);
                members.accept(writer);
                writer.end();
            } catch (JacksonIOException gone) {
                throw gone.getCause();
            }
        });
    }

    AwsResponse.Whole failure(AwsError error) {
        return response(
                error.status(), out -> out.text("__type", error.code()).text("message", wellFormed(error.message())));
    }

    /** Answers as AWS does where no operation can be meant. */
    AwsResponse.Whole accessDenied() {
        String xml = "<AccessDeniedException>\n  <Message>Unable to determine service/operation name to be authorized"
                + "</Message>\n</AccessDeniedException>\n";
        return new AwsResponse.Whole(403, headers("text/xml"), xml.getBytes(StandardCharsets.UTF_8));
    }

    /** Replaces half a surrogate pair, which neither form can write, by a ?: a message may repeat what the request holds. */
    private static String wellFormed(String message) {
        return new String(message.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private AwsResponse.Whole response(int status, Consumer<ResponseWriter> members) {
        ResponseWriter writer = new ResponseWriter(wire);
        members.accept(writer);
        return new AwsResponse.Whole(status, headers(wire.contentType()), writer.finish());
    }

    Map<String, String> headers(String contentType) {
        return Map.of("Content-Type", contentType, "x-amzn-RequestId", requestId);
    }
}
