package io.shardmill.aws.kinesis;

import static io.shardmill.aws.protocol.Constraint.length;
import static io.shardmill.aws.protocol.Constraint.range;

import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Page;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.embedded.EmbeddedStreams;
import java.util.List;
import java.util.Map;

/** The tags of a stream by its name, and of a stream or a consumer by its ARN. */
final class Tagging {

    private static final int MAX_PAGE = 50;

    private static final Member<String> RESOURCE_ARN =
            KinesisMembers.arn("ResourceARN", "arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+");
    private static final Member<Integer> LIMIT = Member.integer("Limit", range(1, MAX_PAGE));
    private static final Member<String> AFTER = Member.text("ExclusiveStartTagKey", length(1, 128));

    private static final Shape ADD_TO_STREAM =
            Shape.of(KinesisMembers.TAGS.required(), KinesisMembers.STREAM_NAME, KinesisMembers.STREAM_ARN);
    private static final Shape REMOVE_FROM_STREAM =
            Shape.of(KinesisMembers.TAG_KEYS.required(), KinesisMembers.STREAM_NAME, KinesisMembers.STREAM_ARN);
    private static final Shape LIST_OF_STREAM =
            Shape.of(LIMIT, AFTER, KinesisMembers.STREAM_NAME, KinesisMembers.STREAM_ARN);
    private static final Shape ADD_TO_RESOURCE = Shape.of(KinesisMembers.TAGS.required(), RESOURCE_ARN.required());
    private static final Shape REMOVE_FROM_RESOURCE =
            Shape.of(KinesisMembers.TAG_KEYS.required(), RESOURCE_ARN.required());
    private static final Shape LIST_OF_RESOURCE = Shape.of(RESOURCE_ARN.required());

    private final EmbeddedStreams streams;
    private final StreamNames names;
    private final Consumers consumers;

    Tagging(EmbeddedStreams streams, StreamNames names, Consumers consumers) {
        this.streams = streams;
        this.names = names;
        this.consumers = consumers;
    }

    List<Operation<Action>> operations() {
        return List.of(
                Action.operation(
                        "AddTagsToStream",
                        ADD_TO_STREAM,
                        (request, none) -> add(names.existing(request).arn(), request)),
                Action.operation(
                        "RemoveTagsFromStream",
                        REMOVE_FROM_STREAM,
                        (request, none) -> remove(names.existing(request).arn(), request)),
                Action.operation("ListTagsForStream", LIST_OF_STREAM, this::listOfStream),
                Action.operation("TagResource", ADD_TO_RESOURCE, (request, none) -> add(resource(request), request)),
                Action.operation(
                        "UntagResource", REMOVE_FROM_RESOURCE, (request, none) -> remove(resource(request), request)),
                Action.operation("ListTagsForResource", LIST_OF_RESOURCE, this::listOfResource));
    }

    /** Sorted by key. */
    private void listOfStream(Members request, ResponseWriter response) {
        String arn = names.existing(request).arn();
        Page<Map.Entry<String, String>> page = Page.of(
                List.copyOf(streams.tags().of(arn).entrySet()),
                Map.Entry::getKey,
                request.get(AFTER),
                request.get(LIMIT, MAX_PAGE));
        response.each("Tags", page.items(), Tagging::write).flag("HasMoreTags", !page.isLast());
    }

    private void listOfResource(Members request, ResponseWriter response) {
        response.each("Tags", streams.tags().of(resource(request)).entrySet(), Tagging::write);
    }

    private void add(String arn, Members request) {
        streams.tags().add(arn, request.require(KinesisMembers.TAGS));
    }

    private void remove(String arn, Members request) {
        streams.tags().remove(arn, request.require(KinesisMembers.TAG_KEYS));
    }

    private static void write(ResponseWriter response, Map.Entry<String, String> tag) {
        response.text("Key", tag.getKey()).text("Value", tag.getValue());
    }

    /** Returns the ARN of a stream or a consumer that exists. */
    private String resource(Members request) {
        String arn = request.require(RESOURCE_ARN);
        return arn.contains("/consumer/")
                ? consumers.byArn(arn).arn()
                : names.existing(names.nameIn(arn)).arn();
    }
}
