package io.shardmill.spring;

import io.shardmill.documents.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/** A configuration that a page of the guide shows, for an application that proves it. */
final class GuideConfiguration {

    private static final Pattern YAML = Pattern.compile("^```yaml\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    private GuideConfiguration() {}

    /** Returns the properties of the YAML block with this number, from 0, after the heading. */
    static Map<String, Object> read(String page, String heading, int number) throws IOException {
        String text = Files.readString(Repository.ROOT.resolve("docs/guide").resolve(page));
        List<String> blocks = YAML.matcher(text.substring(text.indexOf("\n" + heading + "\n")))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        Map<String, Object> properties = new HashMap<>();
        for (PropertySource<?> source : new YamlPropertySourceLoader()
                .load(page, new ByteArrayResource(blocks.get(number).getBytes(StandardCharsets.UTF_8)))) {
            for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
                properties.put(name, String.valueOf(source.getProperty(name)));
            }
        }
        return properties;
    }
}
