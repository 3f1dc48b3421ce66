package io.shardmill.aws.http;

/** An access key and its secret; neither is blank. */
public record EndpointCredentials(String accessKeyId, String secretAccessKey) {

    /** @throws IllegalArgumentException if one of them is blank */
    public EndpointCredentials {
        if (accessKeyId.isBlank()) {
            throw new IllegalArgumentException("access-key-id: must not be blank");
        }
        if (secretAccessKey.isBlank()) {
            throw new IllegalArgumentException("secret-access-key: must not be blank");
        }
    }

    /** The secret stays out of logs. */
    @Override
    public String toString() {
        return "EndpointCredentials[" + accessKeyId + "]";
    }
}
