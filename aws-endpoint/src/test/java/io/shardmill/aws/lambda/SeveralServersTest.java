package io.shardmill.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.shardmill.poller.assignment.ReplicaStatus;
import io.shardmill.poller.assignment.ReplicaStatus.Member;
import io.shardmill.poller.checkpoint.InMemoryMemberStore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.EventSourcePosition;
import software.amazon.awssdk.services.lambda.model.InvalidParameterValueException;

/** A server whose database other servers may use, too. */
@Timeout(60)
class SeveralServersTest {

    private static final String STREAM = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";

    @TempDir
    private Path folder;

    private final InMemoryMemberStore members = new InMemoryMemberStore();
    private LambdaServer server;

    @BeforeEach
    void start() {
        server = LambdaServer.beside(members, folder, new FakeHost());
        create("first");
        map("first");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private LambdaClient lambda() {
        return server.client();
    }

    private void create(String name) {
        lambda().createFunction(FakeHost.function(name, name).build());
    }

    private void map(String function) {
        lambda().createEventSourceMapping(request -> request.functionName(function)
                .eventSourceArn(STREAM)
                .startingPosition(EventSourcePosition.TRIM_HORIZON));
    }

    private void awaitOthers(String... ids) {
        await().untilAsserted(() -> {
            ReplicaStatus status = server.mappings().replicas().orElseThrow().status();
            assertThat(status.seenMillisAgo()).isNotNull();
            assertThat(status.others()).extracting(Member::id).containsExactly(ids);
        });
    }

    @Test
    void the_only_server_may_change_its_functions() {
        awaitOthers();
        create("second");
        lambda().updateFunctionConfiguration(
                        request -> request.functionName("second").timeout(7));
        map("second");
        assertThat(lambda().listFunctions().functions()).hasSize(2);
    }

    @Test
    void while_another_one_lives_functions_can_be_deleted_only_and_none_of_them_is_mapped() {
        create("second");
        members.join(LambdaServer.NAMESPACE, "another", 60_000);
        awaitOthers("another");
        for (Runnable change : List.<Runnable>of(
                () -> create("third"),
                () -> map("second"),
                () -> lambda().updateFunctionConfiguration(
                                request -> request.functionName("first").timeout(7)),
                () -> lambda().updateFunctionCode(request ->
                        request.functionName("first").zipFile(SdkBytes.fromByteArray(FakeHost.code("other")))),
                () -> lambda().publishVersion(request -> request.functionName("first")))) {
            assertThatThrownBy(change::run)
                    .isInstanceOf(InvalidParameterValueException.class)
                    .hasMessageContaining("another shares its mappings through one database")
                    .hasMessageContaining("shardmill.functions");
        }
        lambda().deleteFunction(request -> request.functionName("second"));

        members.leave(LambdaServer.NAMESPACE, "another");
        awaitOthers();
        create("third");
    }
}
