package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MetadataTest {

    private static JsonNode metadata() throws IOException {
        try (InputStream metadata =
                MetadataTest.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
            return JsonMapper.builder().build().readTree(metadata);
        }
    }

    @Test
    void every_property_has_a_description_for_completion_in_an_ide() throws IOException {
        List<String> names = new ArrayList<>();
        for (JsonNode property : metadata().get("properties")) {
            names.add(property.get("name").asString());
            assertThat(property.path("description").asString(""))
                    .as(property.get("name").asString())
                    .isNotBlank();
        }
        assertThat(names)
                .contains(
                        "shardmill.data-dir",
                        "shardmill.replay",
                        "shardmill.mappings",
                        "shardmill.streams",
                        "shardmill.functions",
                        "shardmill.jdbc.initialize-schema");
    }

    @Test
    void hints_are_about_properties_that_there_are() throws IOException {
        JsonNode metadata = metadata();
        List<String> names = new ArrayList<>();
        metadata.get("properties")
                .forEach(property -> names.add(property.get("name").asString()));
        metadata.get("hints")
                .forEach(hint -> assertThat(names).contains(hint.get("name").asString()));
    }
}
