package io.shardmill.examples.flightdelays;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the example. */
@SpringBootApplication
public class FlightDelaysApplication {

    public static void main(String[] args) {
        SpringApplication.run(FlightDelaysApplication.class, args);
    }
}
