package io.shardmill.examples.flightdelays;

import io.shardmill.runtime.InvocationInterceptor;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The example, without its web server, telling a file what its function is given and has done. */
@Configuration(proxyBeanMethods = false)
class KillableFlights {

    @Bean
    InvocationInterceptor deliveryLog() {
        return DeliveryLog.open(System.getProperty("user.dir"));
    }

    public static void main(String[] arguments) {
        SpringApplication application = new SpringApplication(FlightDelaysApplication.class, KillableFlights.class);
        ConfigurableApplicationContext context = application.run(arguments);
        if (context.getEnvironment().containsProperty("exit-when-drained")) {
            System.exit(SpringApplication.exit(context));
        }
    }
}
