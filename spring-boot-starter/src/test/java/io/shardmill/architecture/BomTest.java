package io.shardmill.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The BOM has no parent, so nothing but this test keeps it in step with the modules. */
class BomTest {

    private static final Pattern MODULE =
            Pattern.compile("<dependency>\\s*<groupId>io\\.shardmill</groupId>\\s*<artifactId>([a-z-]+)</artifactId>");
    private static final Pattern VERSION = Pattern.compile(
            "<groupId>io\\.shardmill</groupId>\\s*<artifactId>[a-z-]+</artifactId>\\s*<version>([^<$]+)</version>");

    @Test
    void the_bom_names_every_published_module() throws Exception {
        assertThat(all(MODULE, "bom")).isNotEmpty().isEqualTo(all(MODULE, ""));
    }

    @Test
    void the_bom_has_the_version_of_the_modules() throws Exception {
        assertThat(all(VERSION, "bom")).hasSize(1).isEqualTo(all(VERSION, ""));
    }

    private static Set<String> all(Pattern pattern, String folder) throws IOException {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(Files.readString(Path.of("..", folder, "pom.xml")));
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
