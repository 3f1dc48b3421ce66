package io.shardmill.examples.accountbalance;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/** Objects of Kubernetes by their kind, read as strictly as {@code kubectl apply --validate=strict} does. */
record Manifests(Map<String, HasMetadata> objects) {

    private static final Path FILE = Path.of("kubernetes.yaml");

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1/ServiceAccount", ServiceAccount.class,
            "v1/ConfigMap", ConfigMap.class,
            "v1/Service", Service.class,
            "apps/v1/Deployment", Deployment.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class);

    /** The model's classes keep fields that they don't know, unless their setters for any field are passed over. */
    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(MapperConfig<?> config, Annotated setter) {
                    return false;
                }
            })
            .build();

    static String text() {
        try {
            return Files.readString(FILE);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    static Manifests read() {
        return of(text());
    }

    /** @throws UnrecognizedPropertyException if an object has a field that its kind does not have, and names it */
    static Manifests of(String yaml) {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        Map<String, HasMetadata> objects = new LinkedHashMap<>();
        for (Object document : new Yaml(strict).loadAll(yaml)) {
            Map<?, ?> fields = (Map<?, ?>) document;
            Class<? extends HasMetadata> type = KINDS.get(fields.get("apiVersion") + "/" + fields.get("kind"));
            if (type == null || objects.put(type.getSimpleName(), STRICT.convertValue(fields, type)) != null) {
                throw new IllegalArgumentException("unknown, or there twice: " + fields.get("kind"));
            }
        }
        return new Manifests(objects);
    }

    private <T extends HasMetadata> T object(Class<T> type) {
        return type.cast(objects.get(type.getSimpleName()));
    }

    Deployment deployment() {
        return object(Deployment.class);
    }

    PodDisruptionBudget budget() {
        return object(PodDisruptionBudget.class);
    }

    Service service() {
        return object(Service.class);
    }

    ConfigMap config() {
        return object(ConfigMap.class);
    }

    PodSpec pod() {
        return deployment().getSpec().getTemplate().getSpec();
    }

    Container container() {
        return pod().getContainers().get(0);
    }

    List<Probe> probes() {
        return List.of(
                container().getStartupProbe(),
                container().getLivenessProbe(),
                container().getReadinessProbe());
    }

    /** Returns the environment variables of the container; those of secrets have made-up values. */
    Map<String, Object> variables() {
        Map<String, Object> variables = new LinkedHashMap<>(config().getData());
        for (EnvVar variable : container().getEnv()) {
            variables.put(variable.getName(), "secret");
        }
        return variables;
    }
}
