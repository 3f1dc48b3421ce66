package io.shardmill.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.shardmill.lambda.deploy.FunctionLabels;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Functions for a machine of another kind than this one. */
@Timeout(60)
class OtherMachineTest {

    private static final String THIS = FunctionLabels.thisMachine();
    private static final String OTHER = THIS.equals("arm64") ? "x86_64" : "arm64";

    private final Logger logger = (Logger) LoggerFactory.getLogger(FunctionRequest.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    private Path folder;

    private LambdaServer server;

    @BeforeEach
    void start() {
        log.start();
        logger.addAppender(log);
        server = LambdaServer.ignoring(folder, new FakeHost());
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        server.close();
    }

    private void create(String name, String more) {
        String request = "{" + FakeHost.members(name) + more + "}";
        assertThat(server.send("POST", "/2015-03-31/functions", request.replace('\'', '"'))
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void a_function_for_another_machine_is_taken_with_a_warning_of_its_native_modules() {
        create("silent", "");
        create("this", ",'Architectures':['" + THIS + "']");
        create("other", ",'Architectures':['" + OTHER + "']");
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("Architectures: " + OTHER + " of function 'other'; this machine is " + THIS
                        + "; build native modules in its code for that");
    }
}
