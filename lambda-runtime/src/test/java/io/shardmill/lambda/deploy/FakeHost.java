package io.shardmill.lambda.deploy;

import io.shardmill.lambda.DeploymentException;
import io.shardmill.lambda.FunctionHost;
import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.HostedFunction;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.runtime.NotInvokedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs programs of one line: what they are is their {@code bootstrap}'s text. {@code bad} can't be loaded, {@code hanging}
 * only when this is told so or the thread is interrupted, {@code stubborn} only when this is told so.
 */
class FakeHost implements FunctionHost {

    private final List<String> invoked = new ArrayList<>();
    private final List<String> arns = new ArrayList<>();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger opened = new AtomicInteger();
    final CountDownLatch loading = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    private Runnable during = () -> {};

    /** Done within each invocation from now on. */
    synchronized void during(Runnable work) {
        during = work;
    }

    /** The ARN of each invocation so far. */
    synchronized List<String> arns() {
        return List.copyOf(arns);
    }

    /** Each invocation with an event so far: what ran, and the event. */
    synchronized List<String> invoked() {
        return List.copyOf(invoked);
    }

    @Override
    public HostedFunction open(FunctionRevision revision) {
        String program = read(revision.bootstrap());
        if (program.equals("bad")) {
            throw new DeploymentException("handler: it is bad");
        }
        if (program.equals("hanging") || program.equals("stubborn")) {
            hang(program.equals("stubborn"));
        }
        open.incrementAndGet();
        opened.incrementAndGet();
        return new Program(program, revision);
    }

    private void hang(boolean stubborn) {
        loading.countDown();
        while (true) {
            try {
                goOn.await();
                return;
            } catch (InterruptedException stop) {
                if (!stubborn) {
                    throw new DeploymentException("handler: it was interrupted", stop);
                }
            }
        }
    }

    private static String read(Path bootstrap) {
        try {
            return Files.readString(bootstrap);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {}

    private final class Program implements HostedFunction {

        private final String text;
        private final FunctionRevision revision;
        private boolean closed;

        Program(String text, FunctionRevision revision) {
            this.text = text;
            this.revision = revision;
        }

        /** Answers what it runs. Its code must be there as long as it runs. */
        @Override
        public InvokeResponse invoke(InvokeRequest request) throws NotInvokedException {
            Runnable work;
            synchronized (FakeHost.this) {
                work = during;
            }
            work.run();
            String now = read(revision.bootstrap());
            synchronized (FakeHost.this) {
                if (closed || !now.equals(text)) {
                    throw new IllegalStateException("it is closed, or its code has changed under it");
                }
                if (request.payload().size() > 0) {
                    String event = new String(request.payload().bytes(), StandardCharsets.UTF_8);
                    invoked.add(text + revision.program().environment() + " " + event);
                }
                arns.add(String.valueOf(request.arn()));
            }
            return new InvokeResponse(text.getBytes(StandardCharsets.UTF_8), null, new byte[0], revision.version());
        }

        @Override
        public Duration longestInvocation() {
            return revision.timeout();
        }

        @Override
        public void kill() {}

        @Override
        public void close() {
            synchronized (FakeHost.this) {
                if (closed) {
                    throw new IllegalStateException("closed twice");
                }
                closed = true;
            }
            open.decrementAndGet();
        }
    }
}
