package io.shardmill.examples.accountbalance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.shardmill.spring.ShardmillProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** kubernetes.yaml is what Kubernetes knows, and goes with the application and its image. */
class KubernetesTest {

    private static final Set<String> KNOWN_TO_ALL = Set.of("SPRING_PROFILES_ACTIVE", "AWS_REGION");

    private final Manifests manifests = Manifests.read();
    private final Image image = Image.read();
    private final ConfigurableEnvironment environment = environment(manifests.variables());

    /** As the application in the container has it. */
    private static ConfigurableEnvironment environment(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        environment.getPropertySources().replace(name, new SystemEnvironmentPropertySource(name, variables));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        return environment;
    }

    private ShardmillProperties properties() {
        return Binder.get(environment)
                .bind(
                        "shardmill",
                        Bindable.of(ShardmillProperties.class),
                        new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
                .get();
    }

    @ParameterizedTest
    @CsvSource({
        "readinessProbe, readynessProbe",
        "readOnlyRootFilesystem, readOnlyRootFileSystem",
        "maxSkew, maximumSkew",
        "sizeLimit, size",
        "targetPort, targetPorts",
        "secretKeyRef, secretRef"
    })
    void a_field_that_kubernetes_does_not_have_is_found(String field, String misspelt) {
        String text = Manifests.text();
        assertThat(text).contains(field + ":");
        assertThatThrownBy(() -> Manifests.of(text.replace(field + ":", misspelt + ":")))
                .isInstanceOf(UnrecognizedPropertyException.class)
                .hasMessageContaining("\"" + misspelt + "\"");
    }

    @Test
    void several_replicas_are_replaced_one_at_a_time_and_an_eviction_takes_one() {
        assertThat(manifests.deployment().getSpec().getReplicas()).isGreaterThan(1);
        var update = manifests.deployment().getSpec().getStrategy().getRollingUpdate();
        assertThat(update.getMaxSurge().getIntVal()).isEqualTo(1);
        assertThat(update.getMaxUnavailable().getIntVal()).isZero();
        assertThat(manifests.budget().getSpec().getMaxUnavailable().getIntVal()).isEqualTo(1);
    }

    @Test
    void a_replica_is_killed_only_when_its_mappings_and_its_web_server_have_had_their_time() {
        Duration phase = environment.getProperty(
                "spring.lifecycle.timeout-per-shutdown-phase", Duration.class, Duration.ofSeconds(30));
        assertThat(properties().shutdownTimeout()).isLessThan(phase);
        assertThat(Duration.ofSeconds(manifests.pod().getTerminationGracePeriodSeconds()))
                .isGreaterThan(properties().shutdownTimeout().plus(phase));
    }

    @Test
    void all_selectors_select_the_pods() {
        Map<String, String> labels =
                manifests.deployment().getSpec().getTemplate().getMetadata().getLabels();
        assertThat(labels).isNotEmpty();
        assertThat(List.of(
                        manifests.deployment().getSpec().getSelector().getMatchLabels(),
                        manifests.budget().getSpec().getSelector().getMatchLabels(),
                        manifests.service().getSpec().getSelector(),
                        manifests
                                .pod()
                                .getTopologySpreadConstraints()
                                .get(0)
                                .getLabelSelector()
                                .getMatchLabels()))
                .allSatisfy(selector -> assertThat(labels).containsAllEntriesOf(selector))
                .noneMatch(Map::isEmpty);
    }

    @Test
    void probes_and_service_name_the_port_that_the_application_listens_on() {
        assertThat(environment.containsProperty("management.server.port")).isFalse();
        assertThat(environment.getRequiredProperty("server.address")).isEqualTo("0.0.0.0");
        var port = manifests.container().getPorts().get(0);
        assertThat(port.getContainerPort()).isEqualTo(environment.getProperty("server.port", Integer.class, 8080));
        assertThat(manifests.probes())
                .extracting(probe -> probe.getHttpGet().getPort().getStrVal())
                .containsOnly(port.getName());
        assertThat(manifests.service().getSpec().getPorts())
                .extracting(each -> each.getTargetPort().getStrVal())
                .containsExactly(port.getName());
    }

    @Test
    void all_that_is_written_to_is_a_volume_because_the_image_is_read_only() {
        assertThat(manifests.container().getSecurityContext().getReadOnlyRootFilesystem())
                .isTrue();
        Set<String> empty = manifests.pod().getVolumes().stream()
                .filter(volume -> volume.getEmptyDir() != null)
                .map(Volume::getName)
                .collect(Collectors.toSet());
        List<Path> writable = manifests.container().getVolumeMounts().stream()
                .filter(mount -> empty.contains(mount.getName()) && !Boolean.TRUE.equals(mount.getReadOnly()))
                .map(VolumeMount::getMountPath)
                .map(Path::of)
                .toList();
        Path data = Path.of(image.workingDirectory())
                .resolve(properties().dataDir())
                .normalize();

        assertThat(writable)
                .as("Java's own folder, and the one above the data folder, which Shardmill makes itself")
                .contains(Path.of("/tmp"), data.getParent());
    }

    @Test
    void the_pod_runs_as_the_user_of_the_image_without_any_rights() {
        PodSecurityContext pod = manifests.pod().getSecurityContext();
        assertThat(pod.getRunAsNonRoot()).isTrue();
        assertThat(pod.getRunAsUser() + ":" + pod.getRunAsGroup()).isEqualTo(image.user());
        assertThat(pod.getFsGroup()).isEqualTo(pod.getRunAsGroup());
        var container = manifests.container().getSecurityContext();
        assertThat(container.getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getCapabilities().getDrop()).containsExactly("ALL");
    }

    @Test
    void variables_are_those_that_the_configuration_asks_for() throws IOException {
        String configuration =
                new ClassPathResource("application-production.yml").getContentAsString(StandardCharsets.UTF_8);
        Set<String> asked = Pattern.compile("\\$\\{(\\w+)}")
                .matcher(configuration)
                .results()
                .map(placeholder -> placeholder.group(1))
                .collect(Collectors.toSet());
        assertThat(asked).isNotEmpty();
        Set<String> given = new HashSet<>(manifests.variables().keySet());
        given.removeAll(KNOWN_TO_ALL);
        assertThat(given).isEqualTo(asked);
    }

    @Test
    void the_replicas_read_one_stream_and_share_one_namespace() {
        assertThat(properties().streams().get("movements").kinesis()).isEqualTo("movements");
        assertThat(properties().mappings().get("balances").parallelizationFactor())
                .isEqualTo(10);
        assertThat(properties().mappings().get("balances").transactional()).isTrue();
        assertThat(environment.getRequiredProperty("spring.datasource.hikari.maximum-pool-size", Integer.class))
                .as("each invocation holds a connection")
                .isEqualTo(properties().maximumConcurrency());
        assertThat(environment.getRequiredProperty("spring.datasource.url")).startsWith("jdbc:postgresql:");
        assertThat(environment.getRequiredProperty("spring.application.name")).isEqualTo("account-balance");
        assertThat(manifests.container().getEnvFrom())
                .extracting(from -> from.getConfigMapRef().getName())
                .containsExactly(manifests.config().getMetadata().getName());
    }
}
