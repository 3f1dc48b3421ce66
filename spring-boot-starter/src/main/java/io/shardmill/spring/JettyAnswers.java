package io.shardmill.spring;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

/**
 * Keeps connections open whose requests have arrived and are being worked on, for longer than any function may run. Jetty
 * has one timeout for all silence: without this, it fails an answer whose writing begins just when the timeout is
 * checked, and over HTTP/2 every answer that takes longer than the timeout once the client has sent GOAWAY. Clients that are
 * silent before a request is whole, between requests, or while they should read an answer, still meet Jetty's timeout.
 */
final class JettyAnswers implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> {

    /** Milliseconds; a function has fifteen minutes at most. */
    private static final long LONGEST = Duration.ofMinutes(16).toMillis();

    @Override
    public void customize(ConfigurableJettyWebServerFactory factory) {
        factory.addServerCustomizers(server -> server.insertHandler(new Watch()));
    }

    private static final class Watch extends Handler.Wrapper {

        /** The number of requests that are being worked on; an HTTP/2 connection can have several. */
        private final Map<EndPoint, Integer> working = new ConcurrentHashMap<>();

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            long timeout = request.getConnectionMetaData().getConnector().getIdleTimeout();
            if (timeout <= 0 || timeout >= LONGEST) {
                return super.handle(request, response, callback);
            }
            Watched watched = new Watched(request, this, timeout);
            Request.addCompletionListener(request, failure -> watched.answered());
            return super.handle(watched, new WatchedResponse(watched, response), callback);
        }

        void begin(EndPoint connection) {
            working.compute(connection, (key, before) -> {
                key.setIdleTimeout(LONGEST);
                return before == null ? 1 : before + 1;
            });
        }

        void end(EndPoint connection, long timeout) {
            working.computeIfPresent(connection, (key, before) -> {
                if (before > 1) {
                    return before - 1;
                }
                key.setIdleTimeout(timeout);
                return null;
            });
        }
    }

    /** Thread-safe: a request can be read and answered on different threads. */
    private static final class Watched extends Request.Wrapper {

        private final Watch watch;
        private final long timeout;
        private @Nullable HttpStream stream;
        private long streamTimeout;
        private boolean answered;

        Watched(Request request, Watch watch, long timeout) {
            super(request);
            this.watch = watch;
            this.timeout = timeout;
        }

        @Override
        public Content.@Nullable Chunk read() {
            Content.Chunk chunk = super.read();
            if (chunk != null && chunk.isLast() && !Content.Chunk.isFailure(chunk)) {
                arrived();
            }
            return chunk;
        }

        private synchronized void arrived() {
            if (stream == null && !answered) {
                addHttpStreamWrapper(this::keepOpen);
            }
        }

        private HttpStream keepOpen(HttpStream kept) {
            stream = kept;
            streamTimeout = kept.getIdleTimeout();
            kept.setIdleTimeout(LONGEST);
            watch.begin(connection());
            return kept;
        }

        synchronized void answered() {
            if (stream != null && !answered) {
                restartTimeout(connection());
                stream.setIdleTimeout(streamTimeout);
                watch.end(connection(), timeout);
            }
            answered = true;
        }

        private EndPoint connection() {
            return getConnectionMetaData().getConnection().getEndPoint();
        }

        /** Otherwise a lower timeout would have passed already. */
        private static void restartTimeout(EndPoint connection) {
            EndPoint inner = connection;
            while (inner instanceof EndPoint.Wrapper wrapper) { // TLS
                inner = wrapper.unwrap();
            }
            if (inner instanceof IdleTimeout idle) {
                idle.notIdle();
            }
        }
    }

    private static final class WatchedResponse extends Response.Wrapper {

        private final Watched request;

        WatchedResponse(Watched request, Response response) {
            super(request, response);
            this.request = request;
        }

        @Override
        public void write(boolean last, ByteBuffer bytes, Callback callback) {
            request.answered();
            super.write(last, bytes, callback);
        }
    }
}
