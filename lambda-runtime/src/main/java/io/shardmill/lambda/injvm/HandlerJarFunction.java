package io.shardmill.lambda.injvm;

import io.shardmill.lambda.FunctionRevision;
import io.shardmill.lambda.HostedFunction;
import io.shardmill.lambda.InvokeRequest;
import io.shardmill.lambda.InvokeResponse;
import io.shardmill.runtime.Deadlines;
import io.shardmill.runtime.NotInvokedException;
import java.time.Duration;

/**
 * A Lambda function's compiled code, run in this JVM in a class loader of its own, which shows it the JDK and
 * aws-lambda-java-core and nothing else of the application. Invocations that run at once have handler objects of
 * their own, but they share static fields, which on Lambda they don't. Thread-safe.
 *
 * <p>This is the fastest way, and a debugger can step in. But it is one process, and it can't isolate:
 * <ul>
 *   <li>environment variables and system properties: the code sees those of this process and none of its own;
 *   <li>{@code System.exit}: it ends this process;
 *   <li>memory and processor time: a leak or a busy loop affects the whole JVM, and the memory limit is not enforced;
 *   <li>time: at its timeout an invocation is interrupted, and one that ignores the interrupt keeps running;
 *   <li>damage: after a timeout or an {@code OutOfMemoryError} Lambda starts a new process; here the code keeps running;
 *   <li>threads that the code has started: they outlive a replacement of the code;
 *   <li>standard output, the working directory and {@code /tmp}: those of this process.
 * </ul>
 */
final class HandlerJarFunction implements HostedFunction {

    private static final Duration TIME_TO_RETURN = Duration.ofSeconds(1);
    private static final Duration MAX_INVOCATION = Duration.ofMinutes(15);

    private final FunctionRevision revision;
    private final HandlerCaller caller;
    private final LoadedCode code;
    private final Deadlines deadlines;

    private HandlerJarFunction(FunctionRevision revision, HandlerCaller caller, LoadedCode code, Deadlines deadlines) {
        this.revision = revision;
        this.caller = caller;
        this.code = code;
        this.deadlines = deadlines;
    }

    /**
     * Loads the code and makes one handler object, as Lambda does before the first invocation.
     *
     * @throws IllegalArgumentException if there is no code at that place
     * @throws HandlerInitException if the handler can't be loaded
     */
    static HandlerJarFunction open(FunctionRevision revision, Deadlines deadlines) {
        HandlerCaller caller = HandlerCaller.of(FunctionIdentity.of(revision));
        LoadedCode code = LoadedCode.load(revision.code(), revision.program().handler(), caller.logger());
        return new HandlerJarFunction(revision, caller, code, deadlines);
    }

    /** Returns after the timeout if the handler ignores the interrupt at its timeout. */
    @Override
    public InvokeResponse invoke(InvokeRequest request) throws NotInvokedException, InterruptedException {
        return new JvmInvocation(request, revision).run(code, caller, deadlines);
    }

    @Override
    public Duration longestInvocation() {
        Duration longest = revision.timeout().plus(TIME_TO_RETURN);
        return longest.compareTo(MAX_INVOCATION) < 0 ? longest : MAX_INVOCATION;
    }

    @Override
    public Reporting reporting() {
        return code.reporting();
    }

    /** Does nothing: a running handler ends at its timeout, if it obeys the interrupt. */
    @Override
    public void kill() {}

    @Override
    public void close() {
        code.close();
    }
}
