package io.shardmill.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.documents.ConfigurationMetadata;
import io.shardmill.documents.DocumentedProperty;
import io.shardmill.documents.DocumentedProperty.Value;
import io.shardmill.lambda.LambdaRuntime;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MetadataTest {

    @Test
    void every_property_has_a_description_that_says_more_than_its_name() throws IOException {
        assertThat(DocumentedProperty.all()).hasSizeGreaterThan(60).allSatisfy(property -> {
            String lastName = property.name().substring(property.name().lastIndexOf('.') + 1);
            assertThat(property.description()).as(property.name()).endsWith(".");
            assertThat(words(property.description()).size())
                    .as(property.name())
                    .isGreaterThan(words(lastName).size() + 1);
        });
    }

    private static List<String> words(String text) {
        return Arrays.asList(text.split("[^A-Za-z0-9]+"));
    }

    @Test
    void every_property_has_a_default_or_says_in_its_description_what_it_is() throws IOException {
        assertThat(DocumentedProperty.all())
                .filteredOn(property -> property.defaultValue() == null)
                .allSatisfy(property -> assertThat(property.description())
                        .as(property.name())
                        .containsAnyOf("by default", "Required."));
    }

    @Test
    void every_enumeration_has_hints_of_all_its_values_and_no_others() throws Exception {
        for (DocumentedProperty property : DocumentedProperty.all()) {
            String type = property.type().replace("java.util.Set<", "").replace(">", "");
            if (type.startsWith("io.shardmill.")) {
                assertThat(property.values().stream().map(value -> uniform(value.text())))
                        .as(property.name())
                        .containsExactlyInAnyOrderElementsOf(
                                Arrays.stream(Class.forName(type).getEnumConstants())
                                        .map(constant -> uniform(((Enum<?>) constant).name()))
                                        .toList());
                assertThat(property.hasOtherValues()).as(property.name()).isFalse();
            }
        }
    }

    private static String uniform(String value) {
        return value.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
    }

    @Test
    void the_hints_of_a_functions_runtime_are_all_that_there_are() throws IOException {
        assertThat(values("shardmill.functions.<name>.runtime"))
                .containsExactlyElementsOf(Stream.of(LambdaRuntime.values())
                        .map(LambdaRuntime::toString)
                        .toList());
    }

    private static List<String> values(String name) throws IOException {
        return DocumentedProperty.all().stream()
                .filter(property -> property.name().equals(name))
                .flatMap(property -> property.values().stream())
                .map(Value::text)
                .toList();
    }

    @Test
    void hints_are_about_properties_that_there_are() throws IOException {
        assertThat(ConfigurationMetadata.ofTheJar().strayHints()).isEmpty();
        assertThat(ConfigurationMetadata.of(ShardmillProperties.Mapping.class).strayHints())
                .isEmpty();
        assertThat(ConfigurationMetadata.of(ShardmillProperties.Function.class).strayHints())
                .isEmpty();
        assertThat(ConfigurationMetadata.of(ShardmillProperties.Stream.class).strayHints())
                .isEmpty();
    }
}
