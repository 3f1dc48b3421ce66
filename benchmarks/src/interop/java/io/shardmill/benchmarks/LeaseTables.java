package io.shardmill.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/** DynamoDB Local in a process of its own, for the leases of the Kinesis Client Library. */
final class LeaseTables implements AutoCloseable {

    static final String PART = "--lease-tables";

    private final ChildJvm child;
    private final URI uri;

    LeaseTables(ChildJvm child) throws IOException {
        this.child = child;
        this.uri = URI.create("http://127.0.0.1:" + child.line());
    }

    /** Serves in this process until its input ends. */
    static void run() throws Exception {
        PrintStream answers = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8)); // it greets
        String port = Integer.toString(freePort());
        DynamoDBProxyServer server = ServerRunner.createServerFromCommandLineArgs(
                new String[] {"-inMemory", "-disableTelemetry", "-port", port});
        server.start();
        answers.println(port);
        while (System.in.read() >= 0) {}
        server.stop();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    URI uri() {
        return uri;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        child.close();
    }
}
