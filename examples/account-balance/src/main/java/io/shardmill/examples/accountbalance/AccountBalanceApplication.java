package io.shardmill.examples.accountbalance;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Running balances of accounts, from a stream of their movements. */
@SpringBootApplication
public class AccountBalanceApplication {

    /** With {@code --exit-when-drained} ends after the comparison; else serves until stopped. */
    public static void main(String[] args) {
        ConfigurableApplicationContext context = SpringApplication.run(AccountBalanceApplication.class, args);
        if (context.isActive() && context.getEnvironment().containsProperty("exit-when-drained")) {
            System.exit(SpringApplication.exit(context));
        }
    }
}
