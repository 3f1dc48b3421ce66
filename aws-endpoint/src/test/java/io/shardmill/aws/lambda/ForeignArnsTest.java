package io.shardmill.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What names a function of another region or account does nothing to the one of its name here. */
@Timeout(60)
class ForeignArnsTest {

    private static final String OTHER_REGION = "arn:aws:lambda:us-west-2:000000000000:function:f";
    private static final String OTHER_ACCOUNT = "arn:aws:lambda:us-east-1:111111111111:function:f";

    @TempDir
    Path folder;

    private LambdaServer server;

    @BeforeEach
    void start() {
        server = LambdaServer.with(folder, new FakeHost());
        send("POST", "/2015-03-31/functions", "{" + FakeHost.members("f") + ",'Tags':{'a':'b'},'Publish':true}");
        send("POST", "/2015-03-31/functions/f/aliases", "{'Name':'prod','FunctionVersion':'1'}");
        send("PUT", "/2017-10-31/functions/f/concurrency", "{'ReservedConcurrentExecutions':7}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> send(String method, String path, String body) {
        return server.send(method, path, body.replace('\'', '"'));
    }

    private String here() {
        return send("GET", "/2015-03-31/functions/f", "").body()
                + send("GET", "/2015-03-31/functions/f/versions", "").body()
                + send("GET", "/2015-03-31/functions/f/aliases", "").body()
                + send("GET", "/2015-03-31/event-source-mappings", "").body();
    }

    /** @param operation its method, its path with an asterisk for the function, and its body, between blanks */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /2015-03-31/functions/*",
                "DELETE /2015-03-31/functions/*",
                "DELETE /2015-03-31/functions/*?Qualifier=1",
                "GET /2015-03-31/functions/*/configuration",
                "PUT /2015-03-31/functions/*/configuration {'Description':'changed'}",
                "PUT /2015-03-31/functions/*/code {'ZipFile':'TWFu'}",
                "POST /2015-03-31/functions/*/invocations {}",
                "POST /2015-03-31/functions/*/versions {}",
                "GET /2015-03-31/functions/*/versions",
                "POST /2015-03-31/functions/*/aliases {'Name':'test','FunctionVersion':'1'}",
                "GET /2015-03-31/functions/*/aliases",
                "GET /2015-03-31/functions/*/aliases/prod",
                "PUT /2015-03-31/functions/*/aliases/prod {'FunctionVersion':'$LATEST'}",
                "DELETE /2015-03-31/functions/*/aliases/prod",
                "GET /2019-09-30/functions/*/concurrency",
                "PUT /2017-10-31/functions/*/concurrency {'ReservedConcurrentExecutions':8}",
                "DELETE /2017-10-31/functions/*/concurrency",
                "GET /2020-06-30/functions/*/code-signing-config",
                "GET /2017-03-31/tags/*",
                "POST /2017-03-31/tags/* {'Tags':{'c':'d'}}",
                "DELETE /2017-03-31/tags/*?tagKeys=a",
            })
    void no_operation_reaches_a_function_of_another_region_or_account(String operation) {
        String before = here();

        HttpResponse<String> otherRegion = send(operation, OTHER_REGION);
        HttpResponse<String> otherAccount = send(operation, OTHER_ACCOUNT);

        assertThat(otherRegion.statusCode()).isEqualTo(404);
        assertThat(otherRegion.body())
                .contains("Functions from 'us-west-2' are not reachable in this region ('us-east-1')");
        assertThat(otherAccount.statusCode()).isEqualTo(403);
        assertThat(otherAccount.headers().firstValue("x-amzn-errortype")).hasValue("AccessDeniedException");
        assertThat(here()).isEqualTo(before);
    }

    private HttpResponse<String> send(String operation, String arn) {
        String[] parts = operation.split(" ", -1);
        return send(
                parts[0],
                parts[1].replace("*", URLEncoder.encode(arn, StandardCharsets.UTF_8)),
                parts.length > 2 ? parts[2] : "");
    }

    @Test
    void CreateFunction_makes_no_function_of_another_region() {
        HttpResponse<String> refused =
                send("POST", "/2015-03-31/functions", "{" + FakeHost.members(OTHER_REGION.replace(":f", ":g")) + "}");

        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(server.functions().names()).containsExactly("f");
    }

    @ParameterizedTest
    @ValueSource(strings = {OTHER_REGION, OTHER_ACCOUNT})
    void a_mapping_feeds_no_function_of_another_region_or_account(String foreign) {
        HttpResponse<String> refused = send(
                "POST",
                "/2015-03-31/event-source-mappings",
                "{'FunctionName':'" + foreign + "','StartingPosition':'LATEST',"
                        + "'EventSourceArn':'arn:aws:kinesis:us-east-1:000000000000:stream/orders'}");

        assertThat(refused.statusCode()).isEqualTo(foreign.equals(OTHER_REGION) ? 404 : 403);
        assertThat(send("GET", "/2015-03-31/event-source-mappings", "").body())
                .isEqualTo("{\"EventSourceMappings\":[]}");
    }

    @Test
    void no_mapping_is_listed_of_a_function_of_another_region() {
        send(
                "POST",
                "/2015-03-31/event-source-mappings",
                "{'FunctionName':'f','StartingPosition':'LATEST',"
                        + "'EventSourceArn':'arn:aws:kinesis:us-east-1:000000000000:stream/orders'}");

        HttpResponse<String> listed = send("GET", "/2015-03-31/event-source-mappings?FunctionName=" + OTHER_REGION, "");

        assertThat(listed.body()).isEqualTo("{\"EventSourceMappings\":[]}");
    }
}
