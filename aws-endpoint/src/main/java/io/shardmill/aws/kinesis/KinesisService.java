package io.shardmill.aws.kinesis;

import io.shardmill.aws.http.AwsRequest;
import io.shardmill.aws.http.AwsResponse;
import io.shardmill.aws.http.AwsService;
import io.shardmill.aws.http.RequestHead;
import io.shardmill.aws.protocol.AwsError;
import io.shardmill.aws.protocol.AwsException;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.MemoryPool;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Wire;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.model.DamagedShardException;
import io.shardmill.embedded.model.StreamRequestException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    /** Bytes of records in responses, and as many again in subscriptions' events. */
    private static final long MAX_MEMORY = 128 << 20;

    private static final Set<String> METHODS = Set.of("POST", "GET", "PUT", "DELETE");
    /** The version of AWS's protocol that other services speak. */
    private static final String OTHER_VERSION = "application/x-amz-json-1.0";

    private final boolean ownsRoot;
    private final Map<String, Operation<Action>> operations = new HashMap<>();

    public KinesisService(EmbeddedStreams streams, KinesisSettings settings) {
        this(streams, settings, MemoryPool.ofHeap(8, MAX_MEMORY));
    }

    KinesisService(EmbeddedStreams streams, KinesisSettings settings, long memory) {
        ownsRoot = settings.ownsRoot();
        KinesisOperations.of(streams, settings, memory)
                .forEach(operation -> operations.put(operation.name(), operation));
    }

    @Override
    public String signingName() {
        return "kinesis";
    }

    @Override
    public @Nullable Route route(RequestHead head) {
        boolean isServed =
                head.path().equals("/") && METHODS.contains(head.method()) && (ownsRoot || isOfAwsClient(head));
        return isServed ? new NamedRoute(operationName(head)) : null;
    }

    private static boolean isOfAwsClient(RequestHead head) {
        return head.header(TARGET) != null
                || startsWith(head.header("Content-Type"), "application/x-amz-")
                || startsWith(head.header("Authorization"), "AWS4-HMAC-SHA256 ");
    }

    private static boolean startsWith(@Nullable String header, String prefix) {
        return header != null && header.startsWith(prefix);
    }

    /** Leads to the operation of a name, which may be none. */
    private final class NamedRoute implements Route {

        private final String name;

        NamedRoute(String name) {
            this.name = name;
        }

        @Override
        public int maxBodyBytes() {
            return name.startsWith("PutRecord") ? MAX_PUT_BYTES : MAX_BYTES;
        }

        @Override
        public AwsResponse answer(AwsRequest request) {
            return KinesisService.this.answer(name, request);
        }
    }

    private AwsResponse answer(String name, AwsRequest request) {
        Exchange exchange = exchange(request.head());
        Operation<Action> operation = operations.get(name);
        if (!request.head().method().equals("POST")) {
            return exchange.accessDenied();
        }
        if (operation == null || startsWith(request.head().header("Content-Type"), OTHER_VERSION)) {
            return exchange.failure(new AwsError(400, "UnknownOperationException", "There is no such action here"));
        }
        try (Members members = operation.input().read(exchange.wire(), request.body())) {
            members.check();
            return operation.action().run(members, exchange);
        } catch (AwsException refused) {
            return exchange.failure(refused.error());
        } catch (StreamRequestException refused) {
            return exchange.failure(new AwsError(400, refused.errorCode(), String.valueOf(refused.getMessage())));
        } catch (DamagedShardException damaged) {
            return exchange.failure(new AwsError(500, "InternalFailure", String.valueOf(damaged.getMessage())));
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed, request {}", name, exchange.requestId(), e);
            return exchange.failure(
                    new AwsError(500, "InternalFailure", "The request failed; the server's log says why"));
        }
    }

    @Override
    public AwsResponse.Whole refuse(RequestHead head, AwsError error) {
        return exchange(head).failure(error);
    }

    private static Exchange exchange(RequestHead head) {
        return new Exchange(
                Wire.of(head.header("Content-Type")), UUID.randomUUID().toString());
    }

    /** Empty if it is none of Kinesis's. */
    private static String operationName(RequestHead head) {
        String target = String.valueOf(head.header(TARGET));
        return target.startsWith(TARGET_PREFIX) ? target.substring(TARGET_PREFIX.length()) : "";
    }
}
