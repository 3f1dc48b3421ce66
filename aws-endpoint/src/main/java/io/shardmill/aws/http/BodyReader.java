package io.shardmill.aws.http;

import io.shardmill.aws.protocol.AwsError;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers a request's body as it arrives, and holds no thread meanwhile. What is refused is read on without being
 * kept, so that a client which sends before it reads gets its answer; one that sends on and on is cut off. The container
 * ends what is silent.
 */
final class BodyReader implements ReadListener, AsyncListener {

    private static final Logger LOG = LoggerFactory.getLogger(BodyReader.class);

    private static final long MAX_DISCARDED_BYTES = 16 << 20;

    /** What to do when nothing more arrives. Each is called at most once, and only one of them. */
    interface Then {

        /** The body is there, or was refused and is through. */
        void whole() throws IOException;

        /** It was refused, and there is more of it: the answer is all the client gets. */
        void cut() throws IOException;
    }

    private final AsyncContext async;
    private final ServletInputStream input;
    private final Incoming incoming;
    private final long most;
    private final long deadline;
    private final Then then;
    private long discarded;

    /**
     * @param most bytes the body may have
     * @param deadline of {@link System#nanoTime}
     */
    BodyReader(AsyncContext async, Incoming incoming, long most, long deadline, Then then) throws IOException {
        this.async = async;
        this.input = async.getRequest().getInputStream();
        this.incoming = incoming;
        this.most = most;
        this.deadline = deadline;
        this.then = then;
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (input.isReady()) {
            if ((keeps() ? incoming.body().read(input) : discard()) < 0) {
                return;
            }
            if (discarded > MAX_DISCARDED_BYTES) {
                cut();
            }
        }
        // Only now: what has arrived meanwhile is not late because this server was.
        if (!input.isFinished() && System.nanoTime() - deadline > 0) {
            incoming.refuse(tooSlow());
            cut();
        }
    }

    /** Whether what comes next is kept, in room that is there for it. */
    private boolean keeps() {
        if (incoming.refusal() == null && !incoming.body().isFull()) {
            if (incoming.body().makeRoom()) {
                return true;
            }
            incoming.refuse(
                    new AwsError(503, "ServiceUnavailable", "Too many requests are being received. Try again."));
        }
        return false;
    }

    private int discard() throws IOException {
        int read = input.read(new byte[4096]);
        if (read > 0) {
            incoming.refuse(tooLong(most));
            discarded += read;
        }
        return read;
    }

    static AwsError tooLong(long most) {
        return new AwsError(
                413, "RequestEntityTooLargeException", "Request must be smaller than or equal to " + most + " bytes");
    }

    private static AwsError tooSlow() {
        return new AwsError(408, "RequestTimeoutException", "The request's body did not arrive in time");
    }

    /** An exception is how a listener tells the container to close the connection and not to read on. */
    private void cut() throws IOException {
        then.cut();
        throw new EOFException("The rest of a refused request is not read");
    }

    @Override
    public void onAllDataRead() throws IOException {
        then.whole();
    }

    /** The client has gone, is silent, or was cut off. */
    @Override
    public void onError(Throwable why) {
        if (why instanceof SocketTimeoutException || why instanceof TimeoutException) { // Tomcat's, and Jetty's
            refuseSlowClient();
        }
        end();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        refuseSlowClient();
        end();
    }

    private void refuseSlowClient() {
        incoming.refuse(tooSlow());
        try {
            then.cut();
        } catch (IOException gone) {
            LOG.debug("A slow client has gone before it was refused");
        }
    }

    /** Without an end, the container would have its error page answer. */
    @Override
    public void onError(AsyncEvent event) {
        end();
    }

    /** Completes the request. Tomcat asks for it again after {@link ReadListener#onError}; other containers do not. */
    private void end() {
        incoming.body().close();
        try {
            async.complete();
        } catch (IllegalStateException over) {
            LOG.debug("The container had ended a request");
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
