package io.shardmill.aws.kinesis;

import io.shardmill.aws.http.AwsRequest;
import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.http.AwsService;
import io.shardmill.aws.http.Refusal;
import io.shardmill.aws.http.RequestHead;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.DamagedShardException;
import io.shardmill.embedded.model.StreamRequestException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Kinesis Data Streams as its clients speak to it (spec 10.3): {@code POST /} with the action in
 * {@code X-Amz-Target}, JSON 1.1 or CBOR in and out, over embedded streams. Thread-safe.
 */
public final class KinesisService implements AwsService {

    private static final Logger LOG = LoggerFactory.getLogger(KinesisService.class);
    private static final String TARGET = "X-Amz-Target";
    private static final String TARGET_PREFIX = "Kinesis_20131202.";

    /** 10 MiB of records in Base64, and room for their keys and names. */
    private static final int MAX_PUT_BYTES = 16 << 20;

    private static final int MAX_BYTES = 1 << 20;

    private final Map<String, Action> actions = new HashMap<>();

    public KinesisService(EmbeddedStreams streams, KinesisSettings settings) {
        this(streams, settings, AnswerMemory.ofHeap());
    }

    KinesisService(EmbeddedStreams streams, KinesisSettings settings, long memory) {
        actions.putAll(ControlActions.of(streams, settings.clock()));
        actions.putAll(DataActions.of(streams, settings, memory));
    }

    @Override
    public String signingName() {
        return "kinesis";
    }

    @Override
    public boolean serves(RequestHead head) {
        return head.method().equals("POST") && head.path().equals("/") && head.header(TARGET) != null;
    }

    @Override
    public int maxBodyBytes(RequestHead head) {
        return actionOf(head).startsWith("PutRecord") ? MAX_PUT_BYTES : MAX_BYTES;
    }

    @Override
    public AwsResponse answer(AwsRequest request) {
        String name = actionOf(request.head());
        Call call = call(request.head(), request.body());
        Action action = actions.get(name);
        if (action == null) {
            return call.failure(400, "UnknownOperationException", "there is no such action here");
        }
        try {
            return action.answer(call);
        } catch (KinesisException e) {
            return call.failure(400, e.errorCode(), String.valueOf(e.getMessage()));
        } catch (StreamRequestException e) {
            return call.failure(400, e.errorCode(), String.valueOf(e.getMessage()));
        } catch (JacksonException e) {
            return call.failure(400, "SerializationException", "the body is not well-formed " + call.wire());
        } catch (DamagedShardException e) {
            return call.failure(500, "InternalFailure", String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed, request {}", name, call.requestId(), e);
            return call.failure(500, "InternalFailure", "the request failed for an unknown reason; the log tells more");
        }
    }

    @Override
    public AwsResponse.Whole refuse(RequestHead head, Refusal refusal) {
        return call(head, new byte[0]).failure(refusal.status(), refusal.code(), refusal.message());
    }

    private static Call call(RequestHead head, byte[] body) {
        return new Call(Wire.of(head), body, UUID.randomUUID().toString());
    }

    /** Empty if it is none of Kinesis's. */
    private static String actionOf(RequestHead head) {
        String target = String.valueOf(head.header(TARGET));
        return target.startsWith(TARGET_PREFIX) ? target.substring(TARGET_PREFIX.length()) : "";
    }
}
