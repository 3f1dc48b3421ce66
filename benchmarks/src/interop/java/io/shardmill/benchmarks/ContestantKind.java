package io.shardmill.benchmarks;

import java.nio.file.Path;

/** Who reads topics, and how it is set. What all have in common is in {@link ConsumeOrder}. */
enum ContestantKind {
    SHARDMILL("Shardmill") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function, Path data) {
            return MappedTopic.throwing(order, function, data);
        }
    },
    SHARDMILL_TELLING("Shardmill, record told") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function, Path data) {
            return MappedTopic.telling(order, function, data);
        }
    },
    POLL("poll()") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function, Path data) {
            return new PollLoop(order, function, false);
        }
    },
    POLL_AND_COMMIT("poll(), commitSync()") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function, Path data) {
            return new PollLoop(order, function, true);
        }
    },
    SPRING("spring-kafka") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function, Path data) {
            return SpringListener.asItComes(order, function);
        }
    },
    SPRING_TUNED("spring-kafka, tuned") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function, Path data) {
            return SpringListener.tuned(order, function);
        }
    },
    SPRING_TELLING("spring-kafka, record told") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function, Path data) {
            return SpringListener.telling(order, function);
        }
    },
    PARALLEL("parallel-consumer") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function, Path data) {
            return new KeyedConsumer(order, function, 1);
        }
    },
    PARALLEL_BATCHED("parallel-consumer, batches") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function, Path data) {
            return new KeyedConsumer(order, function, KeyedConsumer.BATCH);
        }
    };

    final String title;

    ContestantKind(String title) {
        this.title = title;
    }

    /** @param data a folder */
    abstract Contestant start(ConsumeOrder order, Consumed function, Path data);
}
