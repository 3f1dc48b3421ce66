package io.shardmill.spring;

import io.shardmill.spring.ShardmillBackupEndpoint.BackupStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * The endpoint over HTTP: 202 for a backup that still runs, 400 for a name that can't be used, 409 while another one is
 * being taken, 500 for one that failed; each says why.
 */
@EndpointWebExtension(endpoint = ShardmillBackupEndpoint.class)
public final class ShardmillBackupWebEndpoint {

    private static final int STATUS_ACCEPTED = 202;
    private static final int STATUS_CONFLICT = 409;

    private final ShardmillBackupEndpoint endpoint;

    ShardmillBackupWebEndpoint(ShardmillBackupEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @ReadOperation
    public WebEndpointResponse<Object> last() {
        return new WebEndpointResponse<>(endpoint.last());
    }

    @WriteOperation
    public WebEndpointResponse<Object> take(@Nullable String name) {
        try {
            BackupStatus status = endpoint.take(name);
            return new WebEndpointResponse<>(
                    status,
                    switch (status.state()) {
                        case RUNNING -> STATUS_ACCEPTED;
                        case FAILED -> WebEndpointResponse.STATUS_INTERNAL_SERVER_ERROR;
                        case NONE, COMPLETE -> WebEndpointResponse.STATUS_OK;
                    });
        } catch (IllegalArgumentException invalid) {
            return error(WebEndpointResponse.STATUS_BAD_REQUEST, invalid);
        } catch (IllegalStateException running) {
            return error(STATUS_CONFLICT, running);
        }
    }

    private static WebEndpointResponse<Object> error(int status, RuntimeException why) {
        return new WebEndpointResponse<>(Map.of("error", String.valueOf(why.getMessage())), status);
    }
}
