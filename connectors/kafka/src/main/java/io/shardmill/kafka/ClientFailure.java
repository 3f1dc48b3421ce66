package io.shardmill.kafka;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/** Says why a client can't do its work, and what to check where its settings are the reason. */
final class ClientFailure {

    private ClientFailure() {}

    /** Returns whether other calls of this client fail, too: the cluster doesn't let it in. */
    static boolean isRefusal(@Nullable Throwable failure) {
        return failure instanceof AuthenticationException;
    }

    /** Returns the kind of the failure, and {@link #message}. */
    static String describe(Throwable failure) {
        return failure.getClass().getSimpleName() + ": " + message(failure);
    }

    /** Returns the reason, and what to check. */
    static String message(Throwable failure) {
        if (failure instanceof SslAuthenticationException) {
            return withCause(failure)
                    + "; check that the client trusts the certificates of the brokers, that these name the host, and that the"
                    + " brokers trust the client's own certificate if they ask for one";
        }
        if (failure instanceof GroupAuthorizationException) {
            return failure.getMessage() + "; give the client's principal Read on the group";
        }
        if (failure instanceof TopicAuthorizationException) {
            return String.valueOf(failure.getMessage()).replaceFirst("\\.$", "")
                    + "; give the client's principal Read and Describe on the topic, and Write where it puts records";
        }
        if (isRefusal(failure)) {
            return withCause(failure)
                    + "; check security.protocol, sasl.mechanism and the credentials in sasl.jaas.config";
        }
        // The client's own, not a broker's: it could not be made.
        return failure instanceof KafkaException && !(failure instanceof ApiException)
                ? withCause(failure)
                : String.valueOf(failure.getMessage());
    }

    private static String withCause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(failure.getMessage());
        return root == failure || message.contains(String.valueOf(root.getMessage()))
                ? message
                : message + " (" + root.getClass().getSimpleName() + ": " + root.getMessage() + ")";
    }
}
