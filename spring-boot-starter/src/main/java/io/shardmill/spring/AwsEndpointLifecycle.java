package io.shardmill.spring;

import io.shardmill.aws.http.AwsEndpoint;
import org.springframework.context.SmartLifecycle;

/** Ends the endpoint's streams before the web server waits for its requests to end. */
final class AwsEndpointLifecycle implements SmartLifecycle {

    private final AwsEndpoint endpoint;
    private volatile boolean running;

    AwsEndpointLifecycle(AwsEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void start() {
        endpoint.open();
        running = true;
    }

    @Override
    public void stop() {
        endpoint.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Above that of the web server's graceful shutdown, which is 1024 below the highest. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE - 512;
    }
}
