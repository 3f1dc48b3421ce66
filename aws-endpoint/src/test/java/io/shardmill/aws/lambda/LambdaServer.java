package io.shardmill.aws.lambda;

import io.shardmill.aws.http.AwsEndpoint;
import io.shardmill.aws.http.EndpointServer;
import io.shardmill.aws.protocol.UnsupportedSettings;
import io.shardmill.embedded.EmbeddedStreams;
import io.shardmill.embedded.EmbeddedStreamsSettings;
import io.shardmill.embedded.model.StreamOptions;
import io.shardmill.lambda.FunctionHost;
import io.shardmill.lambda.deploy.DeployedFunctions;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.checkpoint.EngineStores;
import io.shardmill.poller.checkpoint.InMemoryCheckpointStore;
import io.shardmill.poller.checkpoint.InMemoryMappingStore;
import io.shardmill.poller.checkpoint.MappingStore;
import io.shardmill.poller.checkpoint.MemberStore;
import io.shardmill.poller.checkpoint.MemberStores;
import io.shardmill.poller.control.Engine;
import io.shardmill.poller.control.EngineDependencies;
import io.shardmill.poller.control.EngineSettings;
import io.shardmill.poller.control.Mappings;
import io.shardmill.poller.destination.BuiltInDestinations;
import io.shardmill.poller.destination.DestinationFiles;
import io.shardmill.poller.destination.Destinations;
import io.shardmill.runtime.Isolation;
import io.shardmill.runtime.arn.AwsScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** Lambda's API over real deployed functions, streams and mappings, that can be stopped and started on the same data. */
final class LambdaServer implements AutoCloseable {

    static final String NAMESPACE = "test";

    private final Path folder;
    private final Map<Isolation, FunctionHost> hosts;
    private final UnsupportedSettings unsupported;
    private final InMemoryCheckpointStore checkpoints = new InMemoryCheckpointStore();
    private final InMemoryMappingStore mappings = new InMemoryMappingStore(checkpoints);
    private volatile boolean isDatabaseAway;
    private final MappingStore database = (MappingStore) Proxy.newProxyInstance(
            MappingStore.class.getClassLoader(), new Class<?>[] {MappingStore.class}, (proxy, method, arguments) -> {
                if (isDatabaseAway) {
                    throw new CheckpointStoreException("the database is away", new IllegalStateException());
                }
                return method.invoke(mappings, arguments);
            });
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Life life;

    private record Life(
            EmbeddedStreams streams,
            DeployedFunctions functions,
            Engine engine,
            LambdaService service,
            EndpointServer server,
            LambdaClient client) {}

    /** Null where there can be no other server. */
    private final @Nullable MemberStore members;

    private LambdaServer(Path folder, Map<Isolation, FunctionHost> hosts, UnsupportedSettings unsupported) {
        this(folder, hosts, unsupported, null);
    }

    private LambdaServer(
            Path folder,
            Map<Isolation, FunctionHost> hosts,
            UnsupportedSettings unsupported,
            @Nullable MemberStore members) {
        this.members = members;
        this.folder = folder;
        this.hosts = hosts;
        this.unsupported = unsupported;
        this.life = start();
    }

    /** Runs functions as they are run anywhere. */
    static LambdaServer in(Path folder) {
        return new LambdaServer(folder, Map.of(), UnsupportedSettings.REFUSED);
    }

    static LambdaServer with(Path folder, FunctionHost host) {
        return new LambdaServer(folder, Map.of(Isolation.PROCESS, host), UnsupportedSettings.REFUSED);
    }

    /** Shares its database with those that are members of it. */
    static LambdaServer beside(MemberStore members, Path folder, FunctionHost host) {
        return new LambdaServer(folder, Map.of(Isolation.PROCESS, host), UnsupportedSettings.REFUSED, members);
    }

    /** Takes settings that mean nothing here. */
    static LambdaServer ignoring(Path folder, FunctionHost host) {
        return new LambdaServer(folder, Map.of(Isolation.PROCESS, host), UnsupportedSettings.IGNORED);
    }

    private Life start() {
        EmbeddedStreams streams = EmbeddedStreams.open(EmbeddedStreamsSettings.in(folder.resolve("streams")));
        streams.ensureStream("orders", StreamOptions.ofShards(1));
        DeployedFunctions functions = hosts.isEmpty()
                ? DeployedFunctions.open(folder.resolve("data"))
                : DeployedFunctions.open(folder.resolve("data"), AwsScope.DEFAULT, hosts);
        Engine engine = new Engine(
                new EngineSettings(
                        NAMESPACE, Duration.ofMillis(100), Duration.ofSeconds(10), Duration.ofSeconds(25), 4, false),
                new EngineDependencies(
                        streams,
                        functions,
                        new Destinations(
                                Map.of(),
                                List.of(new BuiltInDestinations(DestinationFiles.in(
                                        List.of(folder.resolve("destinations")), Set.of(), file -> false)))),
                        new EngineStores(
                                checkpoints,
                                database,
                                members == null ? null : new MemberStores(members, members),
                                null),
                        InstantSource.system()),
                Engine.Customizations.none());
        engine.mappings().startStored();
        LambdaService service = new LambdaService(
                engine.mappings(),
                functions,
                new LambdaSettings(AwsScope.DEFAULT, InstantSource.system(), unsupported));
        EndpointServer server = new EndpointServer(new AwsEndpoint(List.of(service)));
        return new Life(streams, functions, engine, service, server, client(server.uri()));
    }

    private static LambdaClient client(URI endpoint) {
        return LambdaClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("x", "y")))
                .httpClient(UrlConnectionHttpClient.create())
                .overrideConfiguration(settings -> settings.retryStrategy(retries -> retries.maxAttempts(1)))
                .build();
    }

    void restart() {
        stop();
        life = start();
    }

    private void stop() {
        life.client().close();
        life.server().close();
        life.service().close();
        life.engine().close();
        life.functions().close();
        life.streams().close();
    }

    /** From now on the mappings' database can't be reached, or can be again. */
    void databaseIsAway(boolean away) {
        isDatabaseAway = away;
    }

    LambdaClient client() {
        return life.client();
    }

    DeployedFunctions functions() {
        return life.functions();
    }

    Mappings mappings() {
        return life.engine().mappings();
    }

    EmbeddedStreams streams() {
        return life.streams();
    }

    /** A request as it stands. */
    HttpResponse<String> send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(life.server().uri() + path))
                .method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
