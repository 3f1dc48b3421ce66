package io.shardmill.documents;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A file of configuration metadata in the starter's jar, by the properties' names. */
public record ConfigurationMetadata(Map<String, JsonNode> properties, Map<String, JsonNode> hints) {

    private static final String OF_THE_JAR = "/META-INF/spring-configuration-metadata.json";
    private static final String OF_A_TYPE = "/META-INF/spring/configuration-metadata/%s.json";

    public static ConfigurationMetadata ofTheJar() throws IOException {
        return read(OF_THE_JAR);
    }

    /** Returns that of a type which values of a map have: its names begin at the type. */
    public static ConfigurationMetadata of(Class<?> type) throws IOException {
        return read(OF_A_TYPE.formatted(type.getName()));
    }

    private static ConfigurationMetadata read(String file) throws IOException {
        try (InputStream json = ConfigurationMetadata.class.getResourceAsStream(file)) {
            if (json == null) {
                throw new IOException(file + " is not there");
            }
            JsonNode metadata = JsonMapper.builder().build().readTree(json);
            return new ConfigurationMetadata(byName(metadata.path("properties")), byName(metadata.path("hints")));
        }
    }

    private static Map<String, JsonNode> byName(JsonNode items) {
        Map<String, JsonNode> byName = new HashMap<>();
        items.forEach(item -> byName.put(item.get("name").asString(), item));
        return byName;
    }

    /** Returns the names of hints that are about no property. */
    public Set<String> strayHints() {
        Map<String, JsonNode> stray = new HashMap<>(hints);
        stray.keySet().removeAll(properties.keySet());
        return stray.keySet();
    }
}
