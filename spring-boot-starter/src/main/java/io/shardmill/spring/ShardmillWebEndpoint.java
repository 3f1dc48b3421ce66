package io.shardmill.spring;

import io.shardmill.embedded.model.StreamRequestException;
import io.shardmill.poller.checkpoint.CheckpointStoreException;
import io.shardmill.poller.control.MappingInUseException;
import io.shardmill.poller.control.UnknownMappingException;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * The endpoint over HTTP: 404 for a mapping or shard that is not there, 400 for a request that can't be, 409 for a change
 * that must wait for another, 202 for one that is stored and waits for running invocations, 503 for one that may not have been
 * saved and for a mapping that does not answer; each says why.
 */
@EndpointWebExtension(endpoint = ShardmillEndpoint.class)
public final class ShardmillWebEndpoint {

    private static final int STATUS_ACCEPTED = 202;
    private static final int STATUS_CONFLICT = 409;

    private final ShardmillEndpoint endpoint;

    ShardmillWebEndpoint(ShardmillEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @ReadOperation
    public WebEndpointResponse<Object> mappings() {
        return answer(() -> new WebEndpointResponse<>(endpoint.mappings()));
    }

    @ReadOperation
    public WebEndpointResponse<Object> mapping(@Selector String mapping) {
        return answer(() -> new WebEndpointResponse<>(endpoint.mapping(mapping)));
    }

    @WriteOperation
    public WebEndpointResponse<Object> change(
            @Selector String mapping, @Nullable String action, @Nullable String from) {
        return answer(() -> {
            ShardmillEndpoint.Change change = endpoint.change(mapping, action, from);
            return new WebEndpointResponse<>(change, change.done() ? WebEndpointResponse.STATUS_OK : STATUS_ACCEPTED);
        });
    }

    @WriteOperation
    public WebEndpointResponse<Object> changeReplica(@Nullable String action) {
        return answer(() -> {
            ShardmillEndpoint.ReplicaChange change = endpoint.changeReplica(action);
            return new WebEndpointResponse<>(change, change.done() ? WebEndpointResponse.STATUS_OK : STATUS_ACCEPTED);
        });
    }

    @WriteOperation
    public WebEndpointResponse<Object> changeShard(
            @Selector String stream, @Selector String shard, @Nullable String action) {
        return answer(() -> new WebEndpointResponse<>(endpoint.changeShard(stream, shard, action)));
    }

    private static WebEndpointResponse<Object> answer(Supplier<WebEndpointResponse<Object>> answer) {
        try {
            return answer.get();
        } catch (StreamRequestException | UnknownMappingException unknown) {
            return error(WebEndpointResponse.STATUS_NOT_FOUND, String.valueOf(unknown.getMessage()));
        } catch (IllegalArgumentException invalid) {
            return error(WebEndpointResponse.STATUS_BAD_REQUEST, String.valueOf(invalid.getMessage()));
        } catch (MappingInUseException inUse) {
            return error(STATUS_CONFLICT, String.valueOf(inUse.getMessage()));
        } catch (CheckpointStoreException failed) {
            return error(
                    WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE,
                    "The change may not have been saved: the database is unavailable. Try again. ("
                            + failed.getMessage() + ")");
        } catch (IllegalStateException unable) {
            return error(WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE, String.valueOf(unable.getMessage()));
        }
    }

    private static WebEndpointResponse<Object> error(int status, String message) {
        return new WebEndpointResponse<>(Map.of("error", message), status);
    }
}
