package io.shardmill.spring;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/** The names of properties that records of {@code @ConfigurationProperties} have. */
final class PropertyNames {

    private final ConfigurationPropertyName prefix;
    private final Class<?> properties;

    PropertyNames(String prefix, Class<?> properties) {
        this.prefix = ConfigurationPropertyName.of(prefix);
        this.properties = properties;
    }

    boolean isBelow(ConfigurationPropertyName name) {
        return prefix.isAncestorOf(name);
    }

    /** Returns what to say behind an unknown name: which one may have been meant, or which there are. */
    String advice(ConfigurationPropertyName unknown) {
        Type type = properties;
        for (int index = prefix.getNumberOfElements(); index < unknown.getNumberOfElements(); index++) {
            if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
                type = map.getActualTypeArguments()[1];
            } else if (type instanceof Class<?> record && record.isRecord()) {
                Map<String, Type> known = components(record);
                String written = unknown.getElement(index, Form.DASHED);
                Type found = known.get(uniform(written));
                if (found == null) {
                    return advice(written, record);
                }
                type = found;
            } else {
                return "; nothing can be below " + unknown.chop(index);
            }
        }
        return "";
    }

    private static String advice(String written, Class<?> record) {
        String nearest = nearest(written, record);
        return nearest != null ? "; did you mean " + nearest + "?" : "; there are " + String.join(", ", names(record));
    }

    private static @Nullable String nearest(String written, Class<?> record) {
        return names(record).stream()
                .filter(name -> mistakes(name, written) <= Math.max(2, name.length() / 3))
                .min(Comparator.comparingInt(name -> mistakes(name, written)))
                .orElse(null);
    }

    /** Returns 0 if only the beginning or the end was left out. */
    private static int mistakes(String name, String written) {
        return uniform(name).contains(uniform(written)) ? 0 : distance(uniform(name), uniform(written));
    }

    private static Map<String, Type> components(Class<?> record) {
        Map<String, Type> components = new LinkedHashMap<>();
        for (RecordComponent component : record.getRecordComponents()) {
            components.put(uniform(name(component)), component.getGenericType());
        }
        return components;
    }

    private static List<String> names(Class<?> record) {
        return Arrays.stream(record.getRecordComponents())
                .map(PropertyNames::name)
                .toList();
    }

    private static String name(RecordComponent component) {
        return DataObjectPropertyName.toDashedForm(component.getName());
    }

    private static String uniform(String name) {
        return name.replace("-", "").toLowerCase(Locale.ROOT);
    }

    /** Returns how many letters have to be inserted, deleted or replaced (Levenshtein). */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        Arrays.setAll(row, column -> column);
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
