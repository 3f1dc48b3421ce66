package io.shardmill.documents;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The dashboard and the alerts ask for metrics that there are: {@link MetricsReferenceTest} holds the reference. */
class MonitoringFilesTest {

    private static final Path REFERENCE = Repository.ROOT.resolve("docs/reference");
    private static final Pattern METRIC = Pattern.compile("shardmill_\\w+");

    @Test
    void the_dashboard_asks_for_metrics_of_the_reference_and_of_the_chosen_mappings() throws IOException {
        List<String> queries = new ArrayList<>();
        for (JsonNode panel : dashboard().get("panels")) {
            panel.path("targets")
                    .forEach(target -> queries.add(target.get("expr").asString()));
        }
        assertThat(queries).isNotEmpty().allSatisfy(query -> {
            assertThat(metricsOf(query)).as(query).isNotEmpty().isSubsetOf(metrics());
            assertThat(METRIC.matcher(query).results().count())
                    .as(query)
                    .isEqualTo(Pattern.compile(Pattern.quote("mapping=~\"$mapping\""))
                            .matcher(query)
                            .results()
                            .count());
        });
    }

    @Test
    void the_dashboard_shows_every_metric_of_a_mapping() throws IOException {
        assertThat(metricsOf(dashboard().toString())).containsAll(metrics("## Metrics"));
    }

    @Test
    void the_dashboard_has_panels_of_one_id_each_on_the_chosen_source_of_data() throws IOException {
        List<Integer> ids = new ArrayList<>();
        for (JsonNode panel : dashboard().get("panels")) {
            ids.add(panel.get("id").asInt());
            assertThat(panel.get("title").asString()).isNotBlank();
            if (!panel.get("type").asString().equals("row")) {
                assertThat(panel.get("datasource").get("uid").asString()).isEqualTo("${datasource}");
            }
        }
        assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
        assertThat(variables(dashboard())).containsExactly("datasource", "function", "mapping");
    }

    @Test
    void the_dashboard_offers_the_mappings_of_the_chosen_functions_by_names_that_people_know() throws IOException {
        assertThat(dashboard().at("/templating/list/2/query/query").asString()).contains("function=~\"$function\"");
        for (JsonNode panel : dashboard().get("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String legend = target.get("legendFormat").asString();
                assertThat(legend.contains("{{function}}"))
                        .as(legend)
                        .isEqualTo(target.get("expr").asString().contains(" by ("));
            }
        }
    }

    private static List<String> variables(JsonNode dashboard) {
        List<String> names = new ArrayList<>();
        dashboard
                .get("templating")
                .get("list")
                .forEach(variable -> names.add(variable.get("name").asString()));
        return names;
    }

    private static JsonNode dashboard() throws IOException {
        return JsonMapper.builder().build().readTree(Files.readString(REFERENCE.resolve("grafana-dashboard.json")));
    }

    @Test
    void the_alerts_ask_for_metrics_of_the_reference_and_say_what_to_do() throws IOException {
        List<Map<String, Object>> rules = rules();
        assertThat(rules.stream().map(rule -> rule.get("alert"))).isNotEmpty().doesNotHaveDuplicates();
        assertThat(rules).allSatisfy(rule -> {
            assertThat(metricsOf((String) rule.get("expr"))).isNotEmpty().isSubsetOf(metrics());
            assertThat(rule).containsKey("for");
            assertThat(texts(rule, "annotations").get("summary"))
                    .contains(
                            ((String) rule.get("expr")).contains("by (instance, mapping, function)")
                                    ? List.of("{{ $labels.mapping }}", "{{ $labels.function }}")
                                    : List.of("{{ $labels.instance }}"));
            assertThat(texts(rule, "labels").get("severity")).isIn("warning", "critical");
            assertThat(texts(rule, "annotations")).containsOnlyKeys("summary", "description");
        });
    }

    @SuppressWarnings("unchecked") // a YAML document has no types; the test fails on another shape
    private static List<Map<String, Object>> rules() throws IOException {
        Map<String, List<Map<String, Object>>> alerts =
                new Yaml().load(Files.readString(REFERENCE.resolve("alerts.yaml")));
        return alerts.get("groups").stream()
                .flatMap(group -> ((List<Map<String, Object>>) group.get("rules")).stream())
                .toList();
    }

    @SuppressWarnings("unchecked") // as above
    private static Map<String, String> texts(Map<String, Object> rule, String key) {
        return (Map<String, String>) rule.get(key);
    }

    private static Set<String> metricsOf(String query) {
        return METRIC.matcher(query).results().map(metric -> metric.group()).collect(toSet());
    }

    private static Set<String> metrics() throws IOException {
        Set<String> metrics = new HashSet<>(metrics("## Metrics"));
        metrics.addAll(metrics("### Metrics of replicas"));
        metrics.addAll(metrics("### Metrics of observations"));
        return metrics;
    }

    private static Set<String> metrics(String heading) throws IOException {
        return MarkdownTables.of("reference/metrics.md").rows(heading).stream()
                .flatMap(row -> MarkdownTables.codes(row.get(1)).stream())
                .collect(toSet());
    }
}
