package io.shardmill.poller.control;

import io.shardmill.poller.mapping.EventSourceMapping;
import io.shardmill.poller.mapping.LambdaErrorException;
import io.shardmill.poller.mapping.LambdaErrorException.LambdaError;
import io.shardmill.poller.mapping.LambdaNames;
import io.shardmill.poller.mapping.MappingRequest;
import io.shardmill.poller.stream.StreamNotFoundException;
import io.shardmill.runtime.UnusableFunctionException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's API for mappings over {@link Mappings}: requests as their JSON has them, mappings by UUID, and every refusal
 * a {@link LambdaErrorException} (spec 10.1). Thread-safe; may block.
 */
public final class LambdaMappings {

    private static final String IN_USE = "Cannot update the event source mapping because it is in use.";

    private final Mappings mappings;
    private final InstantSource clock;
    private final Supplier<UUID> uuids;

    /** @param uuids names mappings that are created here */
    public LambdaMappings(Mappings mappings, InstantSource clock, Supplier<UUID> uuids) {
        this.mappings = mappings;
        this.clock = clock;
        this.uuids = uuids;
    }

    /** {@code CreateEventSourceMapping}. */
    public MappingChange create(Map<String, ?> members) {
        MappingRequest request = new MappingRequest(members);
        EventSourceMapping mapping = request.create(uuids.get().toString(), clock.instant());
        String arn = String.valueOf(request.eventSourceArn());
        return refusing(arn, () -> mappings.create(mapping, !Boolean.FALSE.equals(request.enabled())));
    }

    /** {@code GetEventSourceMapping}. */
    public MappingConfiguration get(String uuid) {
        return refusing("", () -> mappings.get(name(uuid)));
    }

    /**
     * {@code ListEventSourceMappings}; null for all. A function matches with its qualifier only, and what is unknown has
     * no mappings (spec cases 16 and 17).
     */
    public List<MappingConfiguration> list(@Nullable String eventSourceArn, @Nullable String functionName) {
        String stream = eventSourceArn == null ? null : LambdaNames.stream(eventSourceArn);
        String function = functionName == null ? null : LambdaNames.function(functionName);
        return mappings.list().stream()
                .filter(found -> stream == null || found.mapping().stream().equals(stream))
                .filter(found -> function == null || found.mapping().function().equals(function))
                .toList();
    }

    /** {@code UpdateEventSourceMapping}. */
    public MappingChange update(String uuid, Map<String, ?> members) {
        MappingRequest request = new MappingRequest(members);
        return refusing("", () -> mappings.update(name(uuid), request::update, request.enabled()));
    }

    /** {@code DeleteEventSourceMapping}. */
    public MappingChange delete(String uuid) {
        return refusing("", () -> mappings.delete(name(uuid)));
    }

    private String name(String uuid) {
        return mappings.names().stream()
                .filter(name -> EventSourceMapping.uuidOf(name).toString().equals(uuid))
                .findFirst()
                .orElseThrow(() -> new UnknownMappingException(uuid));
    }

    private static <T> T refusing(String arn, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException failure) {
            throw refusal(arn, failure);
        }
    }

    private static LambdaErrorException refusal(String arn, RuntimeException failure) {
        if (failure instanceof LambdaErrorException refused) {
            return refused;
        } else if (failure instanceof UnknownMappingException) {
            return refusal(
                    LambdaError.ResourceNotFoundException, "The resource you requested does not exist.", failure);
        } else if (failure instanceof MappingConflictException || failure instanceof ConfiguredMappingException) {
            return refusal(LambdaError.ResourceConflictException, String.valueOf(failure.getMessage()), failure);
        } else if (failure instanceof MappingInUseException) {
            return refusal(LambdaError.ResourceInUseException, IN_USE, failure);
        } else if (failure instanceof UnusableFunctionException) {
            return refusal(LambdaError.InvalidParameterValueException, "Function does not exist", failure);
        } else if (failure instanceof StreamNotFoundException) {
            return refusal(LambdaError.InvalidParameterValueException, "Stream not found: " + arn, failure);
        } else if (failure instanceof IllegalArgumentException) {
            return refusal(LambdaError.InvalidParameterValueException, String.valueOf(failure.getMessage()), failure);
        }
        return refusal(LambdaError.ServiceException, String.valueOf(failure.getMessage()), failure);
    }

    private static LambdaErrorException refusal(LambdaError error, String message, RuntimeException cause) {
        return new LambdaErrorException(error, message, cause);
    }
}
