package io.shardmill.lambda.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.lambda.FunctionConfiguration;
import io.shardmill.lambda.LambdaRuntime;
import io.shardmill.lambda.deploy.StoredFunction.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/** The file of a function, when somebody has edited it. */
class FunctionStoreTest {

    private static final StoredFunction DEFINITION = new StoredFunction(snapshot(FunctionDetails.LATEST))
            .publish(snapshot("1"))
            .with(FunctionAlias.of("PROD", "1", ""));

    @TempDir
    private Path folder;

    private FunctionStore store;
    private Path file;
    private JsonNode json;
    private final List<String> optional = new ArrayList<>();

    private static Snapshot snapshot(String version) {
        return new Snapshot(
                FunctionConfiguration.of("f", LambdaRuntime.PROVIDED, "h"),
                "1",
                FunctionDetails.now(version, CodeDigest.NONE, FunctionLabels.NONE));
    }

    @BeforeEach
    void write() throws Exception {
        store = new FunctionStore(folder);
        store.write(DEFINITION);
        file = folder.resolve("f/function.json");
        json = JsonMapper.shared().readTree(Files.readString(file));
    }

    @Test
    void a_function_is_read_as_it_was_written() throws Exception {
        assertThat(store.readAll()).containsOnlyKeys("f").containsValue(DEFINITION);
    }

    @Test
    void a_file_is_skipped_whichever_member_it_lacks_but_the_user() throws Exception {
        tryWithoutEach(json);
        assertThat(optional).hasSize(2).containsOnly("user");
    }

    @Test
    void a_file_is_skipped_whichever_value_is_null_but_the_user() throws Exception {
        tryNullForEach(json);
        assertThat(optional).hasSize(2).containsOnly("user");
    }

    private void tryWithoutEach(JsonNode node) throws IOException {
        if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                JsonNode value = object.remove(name);
                tryToRead(name);
                object.set(name, value);
            }
        }
        for (JsonNode child : node) {
            tryWithoutEach(child);
        }
    }

    private void tryNullForEach(JsonNode node) throws IOException {
        if (node instanceof ObjectNode object) {
            for (String name : List.copyOf(object.propertyNames())) {
                JsonNode value = object.replace(name, NullNode.instance);
                tryToRead(name);
                object.set(name, value);
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                JsonNode value = array.get(i);
                array.set(i, NullNode.instance);
                tryToRead("an element");
                array.set(i, value);
            }
        }
        for (JsonNode child : node) {
            tryNullForEach(child);
        }
    }

    private void tryToRead(String changed) throws IOException {
        Files.writeString(file, json.toString());
        if (!store.readAll().isEmpty()) {
            optional.add(changed);
        }
    }
}
