package io.shardmill.aws.http;

import io.shardmill.aws.protocol.AwsError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Serves what is posted below {@code /echo}, and remembers it. */
final class EchoService implements AwsService, AwsService.Route {

    static final int MOST = 1 << 20;

    final List<AwsRequest> answered = new CopyOnWriteArrayList<>();
    final CountDownLatch streamEnded = new CountDownLatch(1);

    @Override
    public String signingName() {
        return "kinesis";
    }

    @Override
    public @Nullable Route route(RequestHead head) {
        return head.path().startsWith("/echo") ? this : null;
    }

    @Override
    public int maxBodyBytes() {
        return MOST;
    }

    @Override
    public AwsResponse answer(AwsRequest request) {
        answered.add(request);
        String path = request.head().path();
        if (path.equals("/echo/failing")) {
            throw new IllegalStateException("a fault");
        }
        if (path.equals("/echo/stream")) {
            return new AwsResponse.Streamed(200, Map.of("Content-Type", "text/plain"), out -> {
                try {
                    out.write(request.body());
                    out.flush();
                    new CountDownLatch(1).await();
                } finally {
                    streamEnded.countDown();
                }
            });
        }
        return new AwsResponse.Whole(200, Map.of("Content-Type", "application/octet-stream"), request.body());
    }

    @Override
    public AwsResponse.Whole refuse(RequestHead head, AwsError refusal) {
        return new AwsResponse.Whole(
                refusal.status(),
                Map.of("Content-Type", "text/plain"),
                (refusal.code() + ": " + refusal.message()).getBytes(StandardCharsets.UTF_8));
    }
}
