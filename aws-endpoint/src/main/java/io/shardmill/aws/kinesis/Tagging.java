package io.shardmill.aws.kinesis;

import io.shardmill.embedded.EmbeddedStreams;
import java.util.List;
import java.util.Map;

/** The tags of a stream by its name, and of a stream or a consumer by its ARN. */
final class Tagging {

    private static final ArnPattern RESOURCE_ARN = ArnPattern.of("arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+");
    private static final int MAX_GIVEN = 200;
    private static final int MAX_KEYS = 50;
    private static final int MAX_LIMIT = 50;

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final Consumers consumers;

    Tagging(EmbeddedStreams streams, StreamNames names, Consumers consumers) {
        this.streams = streams;
        this.names = names;
        this.consumers = consumers;
    }

    void addToStream(Members request, Reply reply) {
        add(streamArn(request, tags(request)), request);
    }

    void removeFromStream(Members request, Reply reply) {
        remove(streamArn(request, keys(request)), request);
    }

    /** Sorted by key. */
    void listOfStream(Members request, Reply reply) {
        Integer limit = request.number("Limit");
        String after = request.text("ExclusiveStartTagKey");
        String arn = streamArn(
                request,
                new Constraints().range("limit", limit, 1, MAX_LIMIT).length("exclusiveStartTagKey", after, 1, 128));
        List<Map.Entry<String, String>> tags = streams.tags().of(arn).entrySet().stream()
                .filter(tag -> after == null || tag.getKey().compareTo(after) > 0)
                .toList();
        int count = Math.min(tags.size(), limit == null ? MAX_LIMIT : limit);
        reply.each("Tags", tags.subList(0, count), Tagging::write).flag("HasMoreTags", count < tags.size());
    }

    void addToResource(Members request, Reply reply) {
        add(resourceArn(request, tags(request)), request);
    }

    void removeFromResource(Members request, Reply reply) {
        remove(resourceArn(request, keys(request)), request);
    }

    void listOfResource(Members request, Reply reply) {
        String arn = resourceArn(request, new Constraints());
        reply.each("Tags", streams.tags().of(arn).entrySet(), Tagging::write);
    }

    private void add(String arn, Members request) {
        streams.tags().add(arn, request.textMap("Tags"));
    }

    private void remove(String arn, Members request) {
        streams.tags().remove(arn, request.texts("TagKeys"));
    }

    private static void write(Reply reply, Map.Entry<String, String> tag) {
        reply.text("Key", tag.getKey()).text("Value", tag.getValue());
    }

    private static Constraints tags(Members request) {
        return request.has("Tags")
                ? new Constraints().count("tags", request.textMap("Tags").size(), 1, MAX_GIVEN)
                : new Constraints().required("tags", null);
    }

    private static Constraints keys(Members request) {
        return request.has("TagKeys")
                ? new Constraints().count("tagKeys", request.texts("TagKeys").size(), 1, MAX_KEYS)
                : new Constraints().required("tagKeys", null);
    }

    private String streamArn(Members request, Constraints constraints) {
        return names.existing(names.name(request.text("StreamName"), request.text("StreamARN"), constraints))
                .arn();
    }

    /** Of a stream or a consumer that exists. */
    private String resourceArn(Members request, Constraints constraints) {
        String arn = request.text("ResourceARN");
        constraints
                .required("resourceARN", arn)
                .length("resourceARN", arn, 1, 2048)
                .matches("resourceARN", arn, RESOURCE_ARN)
                .check();
        String checked = String.valueOf(arn);
        return checked.contains("/consumer/")
                ? consumers.byArn(checked).arn()
                : names.existing(names.name(null, checked, new Constraints())).arn();
    }
}
