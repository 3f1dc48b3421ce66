package io.shardmill.poller.control;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Holds the mappings of this process by name, and stops them. Thread-safe. */
final class MappingRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(MappingRegistry.class);
    /** How long a stop waits for saves that fail to succeed again. */
    private static final Duration SAVE_TIMEOUT = Duration.ofSeconds(2);

    private final Map<String, ManagedMapping> mappings = new LinkedHashMap<>();

    /** @throws IllegalArgumentException if the name is taken */
    synchronized void add(String name, ManagedMapping mapping) {
        requireFree(name);
        mappings.put(name, mapping);
    }

    /** Returns the one of that name, which is this one if there was none. */
    synchronized ManagedMapping addIfAbsent(String name, ManagedMapping mapping) {
        ManagedMapping there = mappings.putIfAbsent(name, mapping);
        return there == null ? mapping : there;
    }

    synchronized void requireFree(String name) {
        if (mappings.containsKey(name)) {
            throw new IllegalArgumentException("There is a mapping '" + name + "' already");
        }
    }

    synchronized void remove(String name) {
        mappings.remove(name);
    }

    synchronized List<String> names() {
        return List.copyOf(mappings.keySet());
    }

    synchronized List<ManagedMapping> all() {
        return List.copyOf(mappings.values());
    }

    synchronized @Nullable ManagedMapping find(String name) {
        return mappings.get(name);
    }

    ManagedMapping require(String name) {
        ManagedMapping mapping = find(name);
        if (mapping == null) {
            throw unknown("There is no mapping '" + name + "'");
        }
        return mapping;
    }

    /** Returns the mapping of that name, or else the only one of a function of that name. */
    ManagedMapping requireByNameOrFunction(String name) {
        List<ManagedMapping> found = all().stream()
                .filter(mapping -> mapping.mapping().function().equals(name))
                .toList();
        if (find(name) != null || found.isEmpty()) {
            return require(name);
        }
        if (found.size() > 1) {
            throw new UnknownMappingException(
                    "Function '" + name + "' has " + found.size() + " mappings; name one of them: " + labels(found));
        }
        return found.get(0);
    }

    private UnknownMappingException unknown(String why) {
        return new UnknownMappingException(why + "; there are " + labels(all()));
    }

    private static List<String> labels(Collection<ManagedMapping> mappings) {
        return mappings.stream().map(mapping -> mapping.mapping().label()).toList();
    }

    CompletableFuture<Void> close() {
        return CompletableFuture.allOf(all().stream().map(ManagedMapping::close).toArray(CompletableFuture[]::new));
    }

    /**
     * Stops all mappings within the timeout and forgets them, so that they can be started again; invocations that run for
     * longer than nine tenths of it are left behind with a warning. Unsaved checkpoints are left behind earlier while saves
     * fail.
     *
     * @param savesFail whether saves fail at present
     * @return whether nothing was left behind
     */
    boolean close(Duration timeout, BooleanSupplier savesFail) {
        Duration toEnd = timeout.minus(timeout.dividedBy(10));
        Map<String, CompletableFuture<Void>> closing = new LinkedHashMap<>();
        List<String> labels = new ArrayList<>();
        synchronized (this) {
            mappings.forEach((name, mapping) -> {
                labels.add(mapping.mapping().label());
                closing.put(name, mapping.close());
            });
        }
        Duration left = toEnd.minus(SAVE_TIMEOUT);
        if (!left.isNegative() && !await(closing.values(), SAVE_TIMEOUT)) {
            LOG.info("The stop waits up to {} s for {}", seconds(left), RunningCalls.of(unfinished(closing)));
            left = leaveUnsaved(closing.values(), left, savesFail);
        }
        boolean isClean = await(closing.values(), left.isNegative() ? toEnd : left);
        if (!isClean) {
            abandon(unfinished(closing), toEnd);
            boolean unusedEnded = await(closing.values(), timeout.dividedBy(20));
        } else if (!closing.isEmpty()) {
            LOG.info("Stopped mappings {}", labels);
        }
        synchronized (this) {
            mappings.keySet().removeAll(closing.keySet());
        }
        return isClean;
    }

    /** Waits while saves succeed; returns what is left of the time. */
    private Duration leaveUnsaved(
            Collection<CompletableFuture<Void>> closing, Duration time, BooleanSupplier savesFail) {
        Duration left = time;
        while (!savesFail.getAsBoolean() && left.compareTo(SAVE_TIMEOUT) > 0) {
            left = left.minus(SAVE_TIMEOUT);
            if (await(closing, SAVE_TIMEOUT)) {
                return left;
            }
        }
        if (savesFail.getAsBoolean()) {
            LOG.warn("The last checkpoints can't be saved: what they say is finished will be delivered again");
            all().forEach(ManagedMapping::leaveUnsaved);
        }
        return left;
    }

    private List<ManagedMapping> unfinished(Map<String, CompletableFuture<Void>> closing) {
        return all().stream()
                .filter(mapping -> closing.containsKey(mapping.name())
                        && !closing.get(mapping.name()).isDone())
                .toList();
    }

    private static void abandon(List<ManagedMapping> unfinished, Duration waited) {
        LOG.warn(
                "The stop leaves behind, after {} s, {}; what is not finished will be delivered again",
                seconds(waited),
                RunningCalls.of(unfinished));
        unfinished.forEach(ManagedMapping::abandon);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }

    /** False if it takes longer; throws what fails a future. */
    static boolean await(Collection<CompletableFuture<Void>> futures, Duration timeout) {
        try {
            CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
        }
    }
}
