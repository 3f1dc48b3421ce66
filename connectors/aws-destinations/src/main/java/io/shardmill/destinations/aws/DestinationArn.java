package io.shardmill.destinations.aws;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The ARN of a queue, a topic or a bucket, in any partition.
 *
 * @param text the whole of it
 * @param region empty for a bucket
 * @param account empty for a bucket
 * @param name the queue's, topic's or bucket's
 */
record DestinationArn(String text, DestinationService service, String region, String account, String name) {

    private static final Pattern PARTITION = Pattern.compile("aws(-[a-z0-9]+)*");
    private static final int PARTS = 6;

    /** @throws IllegalArgumentException if it is none; the message says how one looks */
    static DestinationArn parse(String text) {
        String[] parts = text.split(":", PARTS);
        if (parts.length < PARTS || !PARTITION.matcher(parts[1]).matches()) {
            throw malformed(forms());
        }
        DestinationService service = Arrays.stream(DestinationService.values())
                .filter(each -> each.id().equals(parts[2]))
                .findFirst()
                .orElseThrow(() -> malformed(forms()));
        if (service != DestinationService.S3 && parts[5].endsWith(".fifo")) {
            throw new IllegalArgumentException("FIFO queues and topics take no discarded batches, as in Lambda:"
                    + " name a standard one, " + service.form());
        }
        if (!service.has(parts[3] + ":" + parts[4] + ":" + parts[5])) {
            throw malformed(service.form());
        }
        return new DestinationArn(text, service, parts[3], parts[4], parts[5]);
    }

    private static IllegalArgumentException malformed(String form) {
        return new IllegalArgumentException("an ARN here must have the form " + form);
    }

    private static String forms() {
        return Arrays.stream(DestinationService.values())
                .map(DestinationService::form)
                .collect(Collectors.joining(" or "));
    }
}
