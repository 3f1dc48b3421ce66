package io.shardmill.documents;

import io.shardmill.spring.ShardmillProperties;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.convert.DataSizeUnit;
import org.springframework.boot.convert.DurationUnit;
import tools.jackson.databind.JsonNode;

/**
 * A property that a person can type, as the metadata describes it.
 *
 * @param name with {@code <name>} for that of a mapping, a function or a stream
 * @param type a class's name, with its type arguments
 * @param plainNumber what a number without a unit stands for, such as {@code seconds}; null if it is Spring's
 * @param values those it may have, or some of them
 * @param hasOtherValues whether there are others
 */
public record DocumentedProperty(
        String name,
        String type,
        @Nullable String plainNumber,
        String description,
        @Nullable String defaultValue,
        List<Value> values,
        boolean hasOtherValues) {

    /** A value and what it means. */
    public record Value(String text, String meaning) {}

    /** Returns those of the records, in their order, then those of the actuator. */
    public static List<DocumentedProperty> all() throws IOException {
        List<DocumentedProperty> all = new ArrayList<>();
        ConfigurationMetadata jar = ConfigurationMetadata.ofTheJar();
        collect(ShardmillProperties.class, "shardmill.", "shardmill.", jar, all);
        new TreeMap<>(jar.properties())
                .keySet().stream()
                        .filter(name -> name.startsWith("management."))
                        .forEach(name -> all.add(of(name, name, null, jar)));
        return all;
    }

    /** @param path what the metadata's names begin with */
    private static void collect(
            Class<?> record, String prefix, String path, ConfigurationMetadata metadata, List<DocumentedProperty> all)
            throws IOException {
        for (RecordComponent component : record.getRecordComponents()) {
            String name = DataObjectPropertyName.toDashedForm(component.getName());
            Class<?> valueType = valueType(component);
            if (component.getType().isRecord()) {
                collect(component.getType(), prefix + name + ".", path + name + ".", metadata, all);
            } else if (valueType.isRecord()) {
                collect(valueType, prefix + name + ".<name>.", "", ConfigurationMetadata.of(valueType), all);
            } else {
                all.add(of(prefix + name, path + name, plainNumber(field(record, component)), metadata));
            }
        }
    }

    /** Returns the type of a map's values, or that of the component. */
    private static Class<?> valueType(RecordComponent component) {
        return component.getGenericType() instanceof ParameterizedType generic
                        && generic.getActualTypeArguments().length == 2
                        && generic.getActualTypeArguments()[1] instanceof Class<?> value
                ? value
                : component.getType();
    }

    private static Field field(Class<?> record, RecordComponent component) {
        try {
            return record.getDeclaredField(component.getName());
        } catch (NoSuchFieldException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static @Nullable String plainNumber(Field field) {
        DurationUnit duration = field.getAnnotation(DurationUnit.class);
        if (duration != null) {
            return duration.value().toString().toLowerCase(Locale.ROOT);
        }
        DataSizeUnit size = field.getAnnotation(DataSizeUnit.class);
        return size == null ? null : size.value().toString().toLowerCase(Locale.ROOT);
    }

    private static DocumentedProperty of(
            String name, String path, @Nullable String plainNumber, ConfigurationMetadata metadata) {
        JsonNode property = metadata.properties().get(path);
        if (property == null) {
            throw new AssertionError("no metadata of " + name);
        }
        List<Value> values = new ArrayList<>();
        boolean hasOthers = true;
        JsonNode hint = metadata.hints().get(path);
        if (hint != null) {
            hint.path("values")
                    .forEach(value -> values.add(new Value(
                            value.get("value").asString(),
                            value.path("description").asString(""))));
            hasOthers = hint.has("providers");
        }
        JsonNode defaultValue = property.get("defaultValue");
        return new DocumentedProperty(
                name,
                property.path("type").asString(""),
                plainNumber,
                property.path("description").asString(""),
                defaultValue == null ? null : defaultValue.asString(),
                values,
                hasOthers);
    }
}
