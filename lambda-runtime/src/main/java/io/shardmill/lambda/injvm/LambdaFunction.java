package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.shardmill.lambda.injvm.ObjectHandler.Conversion;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.Invocation;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * A Lambda handler that the application makes itself, such as a Spring bean. The one object serves all invocations,
 * several at once: unlike on Lambda, it must be thread-safe. Its report of failed records counts if
 * the mapping has {@code ReportBatchItemFailures}, as on Lambda.
 */
public final class LambdaFunction implements InvocableFunction {

    private final HandlerCaller caller;
    private final Handler handler;

    private LambdaFunction(FunctionIdentity identity, Handler handler) {
        this.caller = HandlerCaller.of(identity);
        this.handler = handler;
    }

    /** A handler that gets the event's bytes as they are. */
    public static LambdaFunction of(FunctionIdentity identity, RequestStreamHandler handler) {
        return new LambdaFunction(identity, new StreamHandler(handler));
    }

    /**
     * A handler of the types that its class declares.
     *
     * @throws HandlerInitException if the class, such as a lambda expression's, does not tell them
     */
    public static LambdaFunction of(FunctionIdentity identity, RequestHandler<?, ?> handler) {
        return of(identity, handler, handler.getClass());
    }

    /**
     * A handler of the types that another class declares, the one behind a proxy.
     *
     * @throws HandlerInitException if the class does not tell them
     */
    public static LambdaFunction of(FunctionIdentity identity, RequestHandler<?, ?> handler, Class<?> type) {
        HandlerTypes types = HandlerTypes.of(type);
        return of(identity, handler, types.input(), types.output());
    }

    /**
     * A handler of these types.
     *
     * @param input what the event is read as
     * @param output what the answer is written as; {@code Void} for none
     */
    @SuppressWarnings("unchecked") // whoever calls this knows the types
    public static LambdaFunction of(FunctionIdentity identity, RequestHandler<?, ?> handler, Type input, Type output) {
        ClassLoader loader = handler.getClass().getClassLoader();
        Conversion conversion = new ObjectConversions(new AwsSerializers(loader)).between(input, output);
        return new LambdaFunction(identity, new ObjectHandler(conversion, ((RequestHandler<
                        @Nullable Object, @Nullable Object>)
                handler)::handleRequest));
    }

    @Override
    public Answer invoke(Invocation invocation) throws Exception {
        return caller.call(handler, invocation);
    }

    /** False: on Lambda the mapping says whether a report counts. */
    @Override
    public boolean reportsItemFailures() {
        return false;
    }

    @Override
    public Reporting reporting() {
        return handler.reporting();
    }
}
