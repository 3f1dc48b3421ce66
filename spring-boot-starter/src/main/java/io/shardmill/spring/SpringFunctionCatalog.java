package io.shardmill.spring;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.function.TimeWindow;
import io.shardmill.function.WindowResult;
import io.shardmill.runtime.FunctionCatalog;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.UnusableFunctionException;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/** The application's functions over batches, found once, when a mapping starts. */
final class SpringFunctionCatalog implements FunctionCatalog {

    private static final String POSSIBLE =
            "A mapping invokes a Function<List<Record>, Result>, a Function<List<Record>,"
                    + " Void> or a Consumer<List<Record>>, with io.shardmill.function.Record, or with a type of your own that is"
                    + " read from each record's JSON in place of Record. Bytes that are no JSON are a Record's bytes(). With a"
                    + " tumbling-window, it invokes a Function<TimeWindow<State>, WindowResult<State>>. With"
                    + " shardmill-lambda-runtime on the class path"
                    + " it also invokes AWS Lambda's types: a RequestHandler, a RequestStreamHandler, or a"
                    + " Function<KinesisEvent, StreamsEventResponse>; for a Kafka topic a Function<KafkaEvent, Map<String, Object>>.";

    private final CloudFunctions functions;
    private final HandlerBeans handlers;
    private final JsonMapper json;
    private final @Nullable ValueDecoder decoder;

    /** @param decoder reads records that are not JSON; null if there are none */
    SpringFunctionCatalog(
            CloudFunctions functions, HandlerBeans handlers, JsonMapper json, @Nullable ValueDecoder decoder) {
        this.functions = functions;
        this.handlers = handlers;
        this.json = json;
        this.decoder = decoder;
    }

    @Override
    public InvocableFunction find(String name) {
        InvocableFunction handler = handlers.find(name);
        if (handler != null) {
            return handler;
        }
        DeclaredFunction function = functions.find(name);
        if (function == null) {
            throw new UnusableFunctionException("There is no function '" + name + "'; there are " + names()
                    + ". Name one of them, or declare a bean of that name. " + POSSIBLE);
        }
        if (isA(TimeWindow.class, function.input())) {
            return windowFunction(function);
        }
        InvocableFunction overEvents = handlers.of(function);
        return overEvents == null ? overRecords(function) : overEvents;
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>(functions.names());
        names.addAll(handlers.names());
        return names;
    }

    private InvocableFunction overRecords(DeclaredFunction function) {
        boolean returnsResult = isResult(function.output());
        if (!returnsResult && !isNothing(function.output())) {
            throw unusable(function);
        }
        ResolvableType element = elementOf(function);
        return element.resolve() == Record.class
                ? new RecordsFunction(function, returnsResult)
                : new JsonFunction(
                        new RecordsFunction(function, returnsResult),
                        new RecordReader(json, json.constructType(element.getType()), decoder));
    }

    private WindowFunction windowFunction(DeclaredFunction function) {
        ResolvableType output = function.output();
        Type state = stateOf(function, function.input());
        if (!isA(WindowResult.class, output) || !state.equals(stateOf(function, output))) {
            throw unusable(function);
        }
        JavaType type = json.constructType(state);
        if (WindowStates.isNoObject(type)) {
            throw new UnusableFunctionException("Function '" + function.name() + "' is a " + function.signature()
                    + ", but a window's state is a JSON object: make it a record or a map that has the "
                    + type.toCanonical() + " in it.");
        }
        return new WindowFunction(function, new WindowStates(json, type));
    }

    private static Type stateOf(DeclaredFunction function, @Nullable ResolvableType window) {
        ResolvableType state = window == null ? ResolvableType.NONE : window.getGeneric();
        if (state.resolve() == null || state.resolve() == Object.class) {
            throw unusable(function);
        }
        return state.getType();
    }

    private static boolean isA(Class<?> type, @Nullable ResolvableType declared) {
        return declared != null && declared.resolve() == type;
    }

    private static boolean isResult(@Nullable ResolvableType output) {
        return output != null && output.resolve() == Result.class;
    }

    private static boolean isNothing(@Nullable ResolvableType output) {
        return output == null || output.resolve() == Void.class;
    }

    private static ResolvableType elementOf(DeclaredFunction function) {
        ResolvableType input = function.input();
        if (input == null || input.resolve() != List.class) {
            throw unusable(function);
        }
        ResolvableType element = input.getGeneric();
        Class<?> type = element.resolve();
        if (type == null
                || type == Object.class
                || type == byte[].class
                || type.getName().startsWith("org.springframework.messaging.")) {
            throw unusable(function);
        }
        return element;
    }

    private static UnusableFunctionException unusable(DeclaredFunction function) {
        return new UnusableFunctionException(
                "Function '" + function.name() + "' is a " + function.signature() + ". " + POSSIBLE);
    }
}
