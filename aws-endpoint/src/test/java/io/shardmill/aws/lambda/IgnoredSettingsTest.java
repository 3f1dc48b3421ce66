package io.shardmill.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.shardmill.aws.protocol.UnsupportedMembers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Settings of functions and mappings that mean nothing here, where they are ignored. */
@Timeout(60)
class IgnoredSettingsTest {

    private static final String FUNCTIONS = "/2015-03-31/functions";
    private static final String MAPPINGS = "/2015-03-31/event-source-mappings";

    private final Logger logger = (Logger) LoggerFactory.getLogger(UnsupportedMembers.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @TempDir
    Path folder;

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

    private List<String> logged() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** Sends members, in which apostrophes stand for quotation marks. */
    private HttpResponse<String> send(String method, String path, String members) {
        return server.send(method, path, members.isEmpty() ? "" : "{" + members.replace('\'', '"') + "}");
    }

    private HttpResponse<String> create(String more) {
        return send("POST", FUNCTIONS, FakeHost.members("f") + more);
    }

    private JsonNode function() {
        return JsonMapper.shared()
                .readTree(send("GET", FUNCTIONS + "/f/configuration", "").body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'TracingConfig':{'Mode':'Active'}",
                "'KMSKeyArn':'arn:aws:kms:us-east-1:000000000000:key/k'",
                "'EphemeralStorage':{'Size':1024}",
                "'LoggingConfig':{'LogFormat':'JSON','LogGroup':'mine'}",
                "'Environment':{'Variables':{'AWS_LAMBDA_EXEC_WRAPPER':'/opt/wrapper','A1':'b'}}"
            })
    void a_functions_setting_is_logged_and_described_as_it_was_given_across_restarts(String setting) {
        assertThat(create("," + setting).statusCode()).isEqualTo(201);
        server.restart();

        String json = setting.replace('\'', '"');
        String name = json.contains("AWS_LAMBDA_EXEC_WRAPPER") ? "AWS_LAMBDA_EXEC_WRAPPER" : json.split("\"", -1)[1];
        JsonNode expected = JsonMapper.shared().readTree("{" + json + "}");
        expected.forEachEntry(
                (member, value) -> assertThat(function().get(member)).isEqualTo(value));
        assertThat(logged()).anyMatch(line -> line.startsWith(name + " of function 'f' is ignored: "));
    }

    @Test
    void a_functions_process_does_not_get_the_wrapper() {
        create(",'Environment':{'Variables':{'AWS_LAMBDA_EXEC_WRAPPER':'/opt/wrapper'}}");

        assertThat(server.functions()
                        .describe("f")
                        .orElseThrow()
                        .configuration()
                        .program()
                        .environment())
                .isEmpty();
    }

    @Test
    void what_was_ignored_is_forgotten_when_it_is_taken_away() {
        create(",'TracingConfig':{'Mode':'Active'},'KMSKeyArn':'k',"
                + "'Environment':{'Variables':{'AWS_LAMBDA_EXEC_WRAPPER':'/opt/wrapper'}}");

        send("PUT", FUNCTIONS + "/f/configuration", "'Timeout':5");
        assertThat(function().get("TracingConfig").get("Mode").stringValue()).isEqualTo("Active");

        send(
                "PUT",
                FUNCTIONS + "/f/configuration",
                "'TracingConfig':{'Mode':'PassThrough'},'KMSKeyArn':'','Environment':{}");
        assertThat(function().get("TracingConfig").get("Mode").stringValue()).isEqualTo("PassThrough");
        assertThat(function().has("KMSKeyArn")).isFalse();
        assertThat(function().has("Environment")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'PackageType':'Image'",
                "'Layers':['arn:aws:lambda:us-east-1:000000000000:layer:l:1']",
                "'VpcConfig':{'SubnetIds':['s']}",
                "'FileSystemConfigs':[{'Arn':'a'}]",
                "'DeadLetterConfig':{'TargetArn':'arn:aws:sqs:us-east-1:000000000000:q'}"
            })
    void what_would_change_what_a_function_does_is_refused_all_the_same(String setting) {
        HttpResponse<String> refused = create("," + setting);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains(" is not supported: ").doesNotContain("ignore-unsupported-settings");
        assertThat(server.functions().names()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'KMSKeyArn':'arn:aws:kms:us-east-1:000000000000:key/k'",
                "'MetricsConfig':{'Metrics':['EventCount']}",
                "'LoggingConfig':{'SystemLogLevel':'INFO'}",
                "'ProvisionedPollerConfig':{'MinimumPollers':1}"
            })
    void a_mappings_setting_is_logged_and_described_as_it_was_given_across_restarts(String setting) {
        create("");
        HttpResponse<String> created = send(
                "POST",
                MAPPINGS,
                "'EventSourceArn':'arn:aws:kinesis:us-east-1:000000000000:stream/orders','FunctionName':'f',"
                        + "'StartingPosition':'LATEST'," + setting);
        assertThat(created.statusCode()).isEqualTo(202);
        String uuid = JsonMapper.shared().readTree(created.body()).get("UUID").stringValue();
        server.restart();

        JsonNode mapping = JsonMapper.shared()
                .readTree(send("GET", MAPPINGS + "/" + uuid, "").body());
        JsonMapper.shared()
                .readTree("{" + setting.replace('\'', '"') + "}")
                .forEachEntry((member, value) -> assertThat(mapping.get(member)).isEqualTo(value));
        assertThat(logged()).anyMatch(line -> line.contains(" of event source mapping " + uuid + " is ignored: "));
    }
}
