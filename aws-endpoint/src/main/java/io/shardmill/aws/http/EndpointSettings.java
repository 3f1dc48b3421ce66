package io.shardmill.aws.http;

import io.shardmill.aws.protocol.MemoryPool;
import io.shardmill.runtime.DurationText;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask, and how much.
 *
 * @param credentials what every request has to be signed with; null if nobody has to sign
 * @param allowedHosts what an unsigned request's {@code Host} may name beside loopback: in lower case, without a port
 * @param bodyTimeout how long a request's body may take to arrive; above 0
 * @param bodyMemory most bytes of all requests' bodies in memory at once, half of them for the first 32 KiB of each; above
 *     0
 * @param clock what signatures' dates are compared with
 */
public record EndpointSettings(
        @Nullable EndpointCredentials credentials,
        Set<String> allowedHosts,
        Duration bodyTimeout,
        long bodyMemory,
        InstantSource clock) {

    private static final Duration DEFAULT_BODY_TIMEOUT = Duration.ofSeconds(30);
    private static final long MOST_DEFAULT_BODY_MEMORY = 256 << 20;

    /** @throws IllegalArgumentException if a number is out of its range */
    public EndpointSettings {
        allowedHosts = Set.copyOf(allowedHosts);
        if (bodyTimeout.isNegative() || bodyTimeout.isZero()) {
            throw new IllegalArgumentException("body-timeout: " + DurationText.of(bodyTimeout) + " must be above 0");
        }
        if (bodyMemory <= 0) {
            throw new IllegalArgumentException("body-memory: " + bodyMemory + " must be above 0");
        }
    }

    /** Nobody signs, {@code Host} names loopback, 30 seconds, and a quarter of the heap, at most 256 MiB. */
    public static EndpointSettings defaults() {
        return new EndpointSettings(null, Set.of(), DEFAULT_BODY_TIMEOUT, defaultBodyMemory(), Clock.systemUTC());
    }

    public static long defaultBodyMemory() {
        return MemoryPool.ofHeap(4, MOST_DEFAULT_BODY_MEMORY);
    }

    public EndpointSettings withCredentials(EndpointCredentials credentials) {
        return new EndpointSettings(credentials, allowedHosts, bodyTimeout, bodyMemory, clock);
    }

    public EndpointSettings withAllowedHosts(Set<String> allowedHosts) {
        return new EndpointSettings(credentials, allowedHosts, bodyTimeout, bodyMemory, clock);
    }

    public EndpointSettings withBodyTimeout(Duration bodyTimeout) {
        return new EndpointSettings(credentials, allowedHosts, bodyTimeout, bodyMemory, clock);
    }

    public EndpointSettings withBodyMemory(long bodyMemory) {
        return new EndpointSettings(credentials, allowedHosts, bodyTimeout, bodyMemory, clock);
    }

    public EndpointSettings withClock(InstantSource clock) {
        return new EndpointSettings(credentials, allowedHosts, bodyTimeout, bodyMemory, clock);
    }
}
