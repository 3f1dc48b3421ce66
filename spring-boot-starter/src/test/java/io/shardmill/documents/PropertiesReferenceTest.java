package io.shardmill.documents;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static org.assertj.core.api.Assertions.assertThat;

import io.shardmill.documents.DocumentedProperty.Value;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Makes the reference of all properties from their metadata, which comes from the Javadoc of their records. */
class PropertiesReferenceTest {

    /** What a person types for a type. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("java.lang.Boolean", "`true` or `false`"),
            Map.entry("java.lang.Integer", "number"),
            Map.entry("java.lang.String", "text"),
            Map.entry("java.time.Duration", "duration, such as `30s`"),
            Map.entry("java.time.Instant", "time, such as `2026-11-23T10:15:30Z`"),
            Map.entry("org.springframework.util.unit.DataSize", "size, such as `1MB`"),
            Map.entry("java.nio.file.Path", "path"),
            Map.entry("java.net.URI", "URL"),
            Map.entry("java.util.List<java.nio.file.Path>", "list of paths"),
            Map.entry("java.util.List<java.lang.String>", "list of texts"),
            Map.entry("java.util.Set<java.lang.String>", "list of texts"),
            Map.entry("java.util.Map<java.lang.String,java.lang.String>", "map of texts"));

    private static final List<Section> SECTIONS = List.of(
            new Section(
                    "Mappings",
                    "A mapping's properties are the parameters of Lambda's `CreateEventSourceMapping`, with its ranges and"
                            + " defaults. Each begins with `shardmill.mappings.<name>.`; the name has 1 to 64 letters, digits,"
                            + " hyphens, underscores and dots, and identifies the mapping's checkpoints.",
                    "shardmill.mappings.<name>.",
                    ".*"),
            new Section(
                    "Functions",
                    "A function is a bean, or the code that `code` names. Each property begins with"
                            + " `shardmill.functions.<name>.`; those other than `timeout` and `reserved-concurrency` are for"
                            + " functions with `code`.",
                    "shardmill.functions.<name>.",
                    ".*"),
            new Section(
                    "Streams",
                    "A stream is embedded, and created at startup if it does not exist, or, with `kinesis`, one of Amazon"
                            + " Kinesis. Each property begins with `shardmill.streams.<name>.`.",
                    "shardmill.streams.<name>.",
                    ".*"),
            new Section(
                    "General",
                    "",
                    "",
                    "shardmill\\.(data-dir|file-destinations|backup-dir|restore-from|durability|region|account-id"
                            + "|shutdown-timeout|maximum-concurrency|show-payloads|replay)"),
            new Section(
                    "Functions in processes",
                    "For functions with `code` and the isolation `process`.",
                    "",
                    "shardmill\\.(function-user|environments-dir|interpreters|allow-other-interpreter-versions)"),
            new Section("Checkpoints", "", "", "shardmill\\.(namespace|checkpoint-.*|checkpoints\\..*|jdbc\\..*)"),
            new Section(
                    "AWS endpoint",
                    "The HTTP interfaces of Kinesis and Lambda, of the module `shardmill-aws-endpoint`.",
                    "",
                    "shardmill\\.aws-endpoint\\..*"),
            new Section(
                    "AWS",
                    "On-failure destinations and streams on AWS, of the modules `shardmill-aws-destinations` and"
                            + " `shardmill-kinesis`.",
                    "",
                    "shardmill\\.aws\\..*"),
            new Section(
                    "Management endpoints",
                    "Spring Boot's properties of the actuator endpoints `shardmill` and `shardmillbackup`.",
                    "",
                    "management\\..*"));

    /** @param prefix what all of its names begin with, and its table leaves out */
    private record Section(String title, String introduction, String prefix, String names) {

        boolean has(DocumentedProperty property) {
            return property.name().startsWith(prefix)
                    && property.name().substring(prefix.length()).matches(names);
        }

        String text(List<DocumentedProperty> all) {
            String rows = all.stream()
                    .filter(this::has)
                    .map(property -> row(property, property.name().substring(prefix.length())))
                    .collect(joining("\n"));
            return "## " + title + "\n\n" + (introduction.isEmpty() ? "" : introduction + "\n\n")
                    + "| property | type | default | description |\n|---|---|---|---|\n" + rows;
        }
    }

    @Test
    void the_reference_of_properties_is_that_of_their_metadata() throws IOException {
        List<DocumentedProperty> all = DocumentedProperty.all();
        GeneratedDocument.named("reference/properties.md").assertIs("""
                # Properties

                Generated by `PropertiesReferenceTest` from the metadata of the properties; do not edit.

                A value that breaks a rule, and a property that does not exist, are errors at startup that name the property.
                Values are typed as in every Spring Boot application: a duration is a number with `ms`, `s`, `m`, `h` or `d`, a
                size is a number with `B`, `KB`, `MB` or `GB`, a list is a YAML list or a text with commas, and
                `shardmill.data-dir` is `SHARDMILL_DATADIR` as an environment variable.

                %s
                """.formatted(
                        SECTIONS.stream().map(section -> section.text(all)).collect(joining("\n\n"))));
    }

    @Test
    void every_property_is_in_one_section() throws IOException {
        assertThat(DocumentedProperty.all())
                .allSatisfy(property -> assertThat(SECTIONS)
                        .filteredOn(section -> section.has(property))
                        .as(property.name())
                        .hasSize(1));
    }

    private static String row(DocumentedProperty property, String name) {
        String shownDefault =
                property.defaultValue() == null || property.defaultValue().isEmpty()
                        ? ""
                        : "`" + property.defaultValue() + "`";
        return "| `" + name + "` | " + type(property) + " | " + shownDefault + " | " + plain(property.description())
                + meanings(property.values()) + " |";
    }

    private static String type(DocumentedProperty property) {
        if (!property.hasOtherValues()) {
            return (property.type().startsWith("java.util.Set<") ? "list of " : "one of ")
                    + property.values().stream()
                            .map(value -> "`" + value.text() + "`")
                            .collect(joining(", "));
        }
        String words = TYPES.get(property.type());
        if (words == null) {
            return "one of " + constants(property.type());
        }
        return property.plainNumber() == null ? words : words + ", or a number of " + property.plainNumber();
    }

    private static String constants(String enumeration) {
        try {
            return Arrays.stream(Class.forName(enumeration).getEnumConstants())
                    .map(constant ->
                            "`" + constant.toString().toLowerCase(Locale.ROOT).replace('_', '-') + "`")
                    .collect(joining(", "));
        } catch (ClassNotFoundException unknown) {
            throw new AssertionError("no words for the type " + enumeration, unknown);
        }
    }

    /** Values with the same meaning share a line. */
    private static String meanings(List<Value> values) {
        Map<String, String> texts = values.stream()
                .collect(groupingBy(
                        Value::meaning, LinkedHashMap::new, mapping(value -> "`" + value.text() + "`", joining(", "))));
        StringBuilder lines = new StringBuilder();
        texts.forEach((meaning, text) ->
                lines.append("<br>").append(text).append(": ").append(plain(meaning)));
        return lines.toString();
    }

    /** As Markdown that shows the text as it is, in a table. */
    private static String plain(String text) {
        return Pattern.compile("[|*<]").matcher(text).replaceAll("\\\\$0");
    }
}
