package io.shardmill.spring;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.shardmill.function.Result;
import io.shardmill.lambda.injvm.FunctionIdentity;
import io.shardmill.lambda.injvm.HandlerInitException;
import io.shardmill.lambda.injvm.LambdaFunction;
import io.shardmill.runtime.InvocableFunction;
import io.shardmill.runtime.UnusableFunctionException;
import io.shardmill.runtime.arn.AwsScope;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

/** The application's AWS Lambda handlers: handler beans, and functions over Lambda's event classes. */
final class LambdaHandlerBeans implements HandlerBeans {

    private static final String EVENTS = "com.amazonaws.services.lambda.runtime.events.";

    private final ConfigurableListableBeanFactory beans;
    private final AwsScope scope;

    LambdaHandlerBeans(ConfigurableListableBeanFactory beans, AwsScope scope) {
        this.beans = beans;
        this.scope = scope;
    }

    /** In Lambda's order: a bean that is both is a stream handler. */
    @Override
    public @Nullable InvocableFunction find(String name) {
        if (!names().contains(name)) {
            return null;
        }
        Object bean = beans.getBean(name);
        if (bean instanceof RequestStreamHandler handler) {
            return LambdaFunction.of(FunctionIdentity.of(name, scope), handler);
        }
        return ofRequestHandler(name, (RequestHandler<?, ?>) bean);
    }

    private LambdaFunction ofRequestHandler(String name, RequestHandler<?, ?> handler) {
        FunctionIdentity identity = FunctionIdentity.of(name, scope);
        ResolvableType declared = beans.containsBeanDefinition(name)
                ? beans.getMergedBeanDefinition(name).getResolvableType()
                : ResolvableType.NONE;
        if (declared.resolve() == RequestHandler.class && !declared.hasUnresolvableGenerics()) {
            return LambdaFunction.of(
                    identity,
                    handler,
                    declared.getGeneric(0).getType(),
                    declared.getGeneric(1).getType());
        }
        try {
            return LambdaFunction.of(identity, handler, AopUtils.getTargetClass(handler));
        } catch (HandlerInitException unknownTypes) {
            throw new UnusableFunctionException("Function '" + name + "': " + unknownTypes.getMessage()
                    + ". Declare the bean's types, such as @Bean RequestHandler<KinesisEvent, StreamsEventResponse> "
                    + name + "()");
        }
    }

    @Override
    public @Nullable InvocableFunction of(DeclaredFunction function) {
        Class<?> event = function.input() == null ? null : function.input().resolve();
        ResolvableType output = function.output();
        if (event == null
                || !event.getName().startsWith(EVENTS)
                || (output != null && output.resolve() == Result.class)) {
            return null;
        }
        RequestHandler<Object, @Nullable Object> handler =
                (input, context) -> function.call().apply(input);
        return LambdaFunction.of(
                FunctionIdentity.of(function.name(), scope),
                handler,
                event,
                output == null ? Void.class : output.getType());
    }

    @Override
    public Set<String> names() {
        Set<String> names = new TreeSet<>(Set.of(beans.getBeanNamesForType(RequestHandler.class)));
        names.addAll(Set.of(beans.getBeanNamesForType(RequestStreamHandler.class)));
        return names;
    }
}
