package io.shardmill.spring;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import io.shardmill.lambda.injvm.LambdaFunction;
import io.shardmill.runtime.arn.AwsScope;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** AWS Lambda's handlers, if {@code shardmill-lambda-runtime} and with it Lambda's types are on the class path. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({RequestHandler.class, LambdaFunction.class})
class LambdaConfiguration {

    @Bean
    LambdaHandlerBeans shardmillLambdaHandlers(ConfigurableListableBeanFactory beans, AwsScope scope) {
        return new LambdaHandlerBeans(beans, scope);
    }
}
