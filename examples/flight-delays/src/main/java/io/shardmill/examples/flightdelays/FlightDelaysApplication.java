package io.shardmill.examples.flightdelays;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Delay statistics of airports, from a stream of flights. */
@SpringBootApplication
public class FlightDelaysApplication {

    /** With {@code --exit-when-drained} ends after the report; else serves until stopped. */
    public static void main(String[] args) {
        ConfigurableApplicationContext context = SpringApplication.run(FlightDelaysApplication.class, args);
        if (context.isActive() && context.getEnvironment().containsProperty("exit-when-drained")) {
            System.exit(SpringApplication.exit(context));
        }
    }
}
