package io.shardmill.aws.kinesis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;

/** AWS's clients for Java in all their ways to speak. */
enum Client {
    BLOCKING_CBOR(false, true),
    BLOCKING_JSON(false, false),
    ASYNC_CBOR(true, true),
    ASYNC_JSON(true, false);

    private final boolean async;
    private final boolean cbor;

    Client(boolean async, boolean cbor) {
        this.async = async;
        this.cbor = cbor;
    }

    String contentType() {
        return cbor ? KinesisEndpoint.CBOR : KinesisEndpoint.JSON;
    }

    /** The SDK asks for the form at every request: until the client is closed, the property is as it needs it. */
    KinesisClient to(KinesisEndpoint endpoint) {
        String property = SdkSystemSetting.CBOR_ENABLED.property();
        String before = System.getProperty(property);
        System.setProperty(property, Boolean.toString(cbor));
        Runnable restore = () -> {
            if (before == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, before);
            }
        };
        return async ? new Waiting(endpoint.asyncClient(), restore) : new Restoring(endpoint.client(), restore);
    }

    /** An asynchronous client whose answers are waited for. */
    private record Waiting(KinesisAsyncClient client, Runnable restore) implements KinesisClient {

        @Override
        public PutRecordResponse putRecord(PutRecordRequest request) {
            return answer(() -> client.putRecord(request));
        }

        @Override
        public PutRecordsResponse putRecords(PutRecordsRequest request) {
            return answer(() -> client.putRecords(request));
        }

        @Override
        public GetShardIteratorResponse getShardIterator(GetShardIteratorRequest request) {
            return answer(() -> client.getShardIterator(request));
        }

        @Override
        public GetRecordsResponse getRecords(GetRecordsRequest request) {
            return answer(() -> client.getRecords(request));
        }

        private static <T> T answer(Supplier<CompletableFuture<T>> call) {
            try {
                return call.get().join();
            } catch (CompletionException e) {
                throw (RuntimeException) e.getCause();
            }
        }

        @Override
        public String serviceName() {
            return client.serviceName();
        }

        @Override
        public void close() {
            client.close();
            restore.run();
        }
    }

    private record Restoring(KinesisClient client, Runnable restore) implements KinesisClient {

        @Override
        public PutRecordResponse putRecord(PutRecordRequest request) {
            return client.putRecord(request);
        }

        @Override
        public PutRecordsResponse putRecords(PutRecordsRequest request) {
            return client.putRecords(request);
        }

        @Override
        public GetShardIteratorResponse getShardIterator(GetShardIteratorRequest request) {
            return client.getShardIterator(request);
        }

        @Override
        public GetRecordsResponse getRecords(GetRecordsRequest request) {
            return client.getRecords(request);
        }

        @Override
        public String serviceName() {
            return client.serviceName();
        }

        @Override
        public void close() {
            client.close();
            restore.run();
        }
    }
}
