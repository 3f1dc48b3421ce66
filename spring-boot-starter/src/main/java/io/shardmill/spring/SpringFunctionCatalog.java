package io.shardmill.spring;

import io.shardmill.function.Record;
import io.shardmill.function.Result;
import io.shardmill.runtime.FunctionCatalog;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.UnusableFunctionException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import tools.jackson.databind.json.JsonMapper;

/** The application's functions over batches, found once, when a mapping starts. */
final class SpringFunctionCatalog implements FunctionCatalog {

    private static final String POSSIBLE =
            "A mapping invokes a Function<List<Record>, Result>, a Function<List<Record>,"
                    + " Void> or a Consumer<List<Record>>, with io.shardmill.function.Record, or with a type of your own that is"
                    + " read from each record's JSON in place of Record. Bytes that are no JSON are a Record's bytes().";

    private final CloudFunctions functions;
    private final JsonMapper json;

    SpringFunctionCatalog(CloudFunctions functions, JsonMapper json) {
        this.functions = functions;
        this.json = json;
    }

    @Override
    public InvocableFunction find(String name) {
        DeclaredFunction function = functions.find(name);
        if (function == null) {
            throw new UnusableFunctionException("There is no function '" + name + "'; there are " + functions.names()
                    + ". Name one of them, or declare a bean of that name. " + POSSIBLE);
        }
        boolean returnsResult = isResult(function.output());
        if (!returnsResult && !isNothing(function.output())) {
            throw unusable(function);
        }
        ResolvableType element = elementOf(function);
        return element.resolve() == Record.class
                ? new RecordsFunction(function, returnsResult)
                : new JsonFunction(
                        new RecordsFunction(function, returnsResult),
                        new RecordReader(json, json.constructType(element.getType())));
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
