package io.shardmill.kafka;

import io.shardmill.function.PutEntry;
import io.shardmill.function.PutRejectedException;
import io.shardmill.function.PutResult;
import io.shardmill.function.StreamWriter;
import io.shardmill.poller.stream.SourceType;
import io.shardmill.poller.stream.StreamCatalog;
import io.shardmill.poller.stream.StreamSource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.AdminClient;

/**
 * Topics of Kafka as streams: mappings read them, each as a consumer group, and writers write to them. Clients are made when they are
 * first needed. Thread-safe.
 */
public final class KafkaStreams implements StreamCatalog, StreamWriter, AutoCloseable {

    private static final Duration CLOSE = Duration.ofSeconds(10);

    private record Stream(KafkaSource source, KafkaWriter writer) {}

    private final KafkaClients clients;
    private final Map<String, Stream> streams = new LinkedHashMap<>();
    private final Map<String, Lazily<AdminClient>> admins = new LinkedHashMap<>();
    private final Map<String, SharedProducer> producers = new LinkedHashMap<>();

    /**
     * Serves the topics.
     *
     * @param configured by the stream's name
     * @param clients of the common cluster
     * @param naming how groups and streams are named
     */
    public KafkaStreams(Map<String, KafkaStream> configured, KafkaClients clients, KafkaNaming naming) {
        this.clients = clients;
        configured.forEach((name, stream) -> {
            KafkaClients own = clients.at(stream.bootstrapServers());
            String servers = own.bootstrapServers();
            Lazily<AdminClient> admin = admins.computeIfAbsent(servers, cluster -> new Lazily<>(own::newAdmin));
            SharedProducer producer =
                    producers.computeIfAbsent(servers, cluster -> new SharedProducer(own::newProducer));
            KafkaTopic topic = new KafkaTopic(
                    stream.topic(),
                    naming.arn(stream),
                    new SourceType.Kafka(servers, stream.clusterArn()),
                    own,
                    admin::get,
                    naming::group);
            streams.put(
                    name, new Stream(new KafkaSource(name, topic), new KafkaWriter(name, stream.topic(), producer)));
        });
    }

    /** Returns whether a stream of this name is a topic. */
    public boolean has(String name) {
        return streams.containsKey(name);
    }

    @Override
    public Optional<StreamSource> find(String name) {
        return Optional.ofNullable(streams.get(name)).map(Stream::source);
    }

    @Override
    public PutResult.Stored put(String stream, PutEntry entry) {
        PutResult result = putAll(stream, List.of(entry)).get(0);
        if (result instanceof PutResult.Rejected rejected) {
            throw new PutRejectedException(rejected);
        }
        return (PutResult.Stored) result;
    }

    @Override
    public List<PutResult> putAll(String stream, List<PutEntry> entries) {
        Stream known = streams.get(stream);
        if (known == null) {
            throw new IllegalArgumentException("stream: '" + stream + "'; is no stream on Kafka; name one of "
                    + String.join(", ", streams.keySet()));
        }
        return known.writer().putAll(entries);
    }

    /** Ends all clients; what was put is sent first. */
    @Override
    public void close() {
        streams.values().forEach(stream -> stream.source().close());
        producers.values().forEach(producer -> producer.close(CLOSE));
        admins.values().forEach(admin -> admin.close(clients::close));
    }
}
