package io.shardmill.aws.http;

import io.shardmill.aws.protocol.AwsException;
import io.shardmill.runtime.DaemonThreads;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers that go on for minutes, each on a thread of its own; the services limit them. Thread-safe. */
final class StreamedAnswers {

    private static final Logger LOG = LoggerFactory.getLogger(StreamedAnswers.class);

    private final Set<InterruptibleStream> open = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor threads;
    private volatile boolean stopped;

    StreamedAnswers() {
        threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                DaemonThreads.numbered("shardmill-aws-stream-"));
    }

    /** @throws AwsException if there is no thread for it; nothing was sent then */
    void start(AwsResponse.Body body, HttpServletRequest request, jakarta.servlet.ServletResponse response)
            throws IOException {
        boolean begun = false;
        try {
            begin(body, request, response);
            begun = true;
        } catch (OutOfMemoryError noThread) {
            LOG.warn("There is no thread for another stream");
            throw new AwsException(503, "ServiceUnavailable", "Too many streams are open. Try again.");
        } finally {
            if (!begun) {
                body.drop();
            }
        }
    }

    private void begin(AwsResponse.Body body, HttpServletRequest request, jakarta.servlet.ServletResponse response)
            throws IOException {
        AsyncContext async = request.startAsync();
        async.setTimeout(0);
        InterruptibleStream out = new InterruptibleStream(response.getOutputStream());
        async.addListener(new EndWhenGone(out));
        open.add(out);
        boolean begun = false;
        try {
            threads.execute(() -> write(body, out, async));
            begun = true;
        } finally {
            if (!begun) {
                open.remove(out);
            }
        }
        if (stopped) {
            out.interrupt();
        }
    }

    private void write(AwsResponse.Body body, InterruptibleStream out, AsyncContext async) {
        try {
            out.writtenBy(Thread.currentThread());
            body.writeTo(out);
        } catch (IOException | InterruptedException over) {
            LOG.debug("A stream to a client ended early");
        } catch (RuntimeException unexpected) {
            LOG.error("A stream to a client failed", unexpected);
        } finally {
            out.written();
            open.remove(out);
            complete(async);
        }
    }

    private static void complete(AsyncContext async) {
        try {
            async.complete();
        } catch (IllegalStateException completedByTheContainer) {
            LOG.debug("The container ended a stream first");
        }
    }

    void resume() {
        stopped = false;
    }

    /** Ends them all. */
    void stop() {
        stopped = true;
        open.forEach(InterruptibleStream::interrupt);
    }

    private record EndWhenGone(InterruptibleStream out) implements AsyncListener {

        /** The client has gone: without an end here, the container would have its error page written to it. */
        @Override
        public void onError(AsyncEvent event) {
            out.interrupt();
            complete(event.getAsyncContext());
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            out.interrupt();
        }

        @Override
        public void onComplete(AsyncEvent event) {
            out.interrupt();
        }

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }
}
