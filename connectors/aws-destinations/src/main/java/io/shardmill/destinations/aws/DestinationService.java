package io.shardmill.destinations.aws;

import java.util.Locale;
import java.util.regex.Pattern;

/** A service that takes discarded batches, and how the ARNs of its resources look. */
public enum DestinationService {
    SQS("arn:aws:sqs:<region>:<account>:<queue>", "[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,80}"),
    SNS("arn:aws:sns:<region>:<account>:<topic>", "[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}"),
    S3("arn:aws:s3:::<bucket>", "::[A-Za-z0-9._-]{3,255}");

    private final String form;
    private final Pattern resource;

    DestinationService(String form, String resource) {
        this.form = form;
        this.resource = Pattern.compile(resource);
    }

    /** As ARNs name it, such as {@code sqs}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Such as {@code arn:aws:s3:::<bucket>}. */
    String form() {
        return form;
    }

    /** Whether these are a region, an account and a name as the service has them, with colons between them. */
    boolean has(String resource) {
        return this.resource.matcher(resource).matches();
    }
}
