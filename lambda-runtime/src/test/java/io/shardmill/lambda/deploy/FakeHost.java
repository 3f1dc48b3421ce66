package io.shardmill.lambda.deploy;

import io.shardmill.function.Result;
import io.shardmill.lambda.process.InvokeRequest;
import io.shardmill.lambda.process.InvokeResponse;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.Invocation;
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
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger opened = new AtomicInteger();
    final CountDownLatch loading = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    private Runnable during = () -> {};

    /** Done within each invocation from now on. */
    synchronized void during(Runnable work) {
        during = work;
    }

    /** Each invocation so far: what ran, and on which records. */
    synchronized List<String> invoked() {
        return List.copyOf(invoked);
    }

    @Override
    public HostedFunction open(FunctionConfiguration configuration, String version, Path code) {
        String program = read(code);
        if (program.equals("bad")) {
            throw new DeploymentException("handler: it is bad");
        }
        if (program.equals("hanging") || program.equals("stubborn")) {
            hang(program.equals("stubborn"));
        }
        open.incrementAndGet();
        opened.incrementAndGet();
        return new Program(program, configuration, version, code);
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

    private static String read(Path code) {
        try {
            return Files.readString(code.resolve("bootstrap"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {}

    private final class Program implements HostedFunction {

        private final String text;
        private final FunctionConfiguration configuration;
        private final String version;
        private final Path code;
        private boolean closed;

        Program(String text, FunctionConfiguration configuration, String version, Path code) {
            this.text = text;
            this.configuration = configuration;
            this.version = version;
            this.code = code;
        }

        /** Its code must be there as long as it runs. */
        @Override
        public Answer invoke(Invocation invocation) {
            Runnable work;
            synchronized (FakeHost.this) {
                work = during;
            }
            work.run();
            String now = read(code);
            synchronized (FakeHost.this) {
                if (closed || !now.equals(text)) {
                    throw new IllegalStateException("it is closed, or its code has changed under it");
                }
                StringBuilder records =
                        new StringBuilder(text + configuration.program().environment());
                invocation.records().forEach(record -> records.append(' ').append(record.text()));
                invoked.add(records.toString());
            }
            return Answer.of(Result.success());
        }

        /** Answers what it runs. */
        @Override
        public InvokeResponse invoke(InvokeRequest request) {
            return new InvokeResponse(text.getBytes(StandardCharsets.UTF_8), null, new byte[0], version);
        }

        @Override
        public Duration longestInvocation() {
            return configuration.settings().timeout();
        }

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
