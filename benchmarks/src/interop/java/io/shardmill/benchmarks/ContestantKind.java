package io.shardmill.benchmarks;

/** Who reads topics, and how it is set. What all have in common is in {@link ConsumeOrder}. */
enum ContestantKind {
    POLL("poll()") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function) {
            return new PollLoop(order, function, false);
        }
    },
    POLL_AND_COMMIT("poll(), commitSync()") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function) {
            return new PollLoop(order, function, true);
        }
    },
    SPRING("spring-kafka") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function) {
            return SpringListener.asItComes(order, function);
        }
    },
    SPRING_TUNED("spring-kafka, tuned") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function) {
            return SpringListener.tuned(order, function);
        }
    },
    SPRING_INDEXED("spring-kafka, index told") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function) {
            return SpringListener.tellingIndex(order, function);
        }
    },
    PARALLEL("parallel-consumer") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function) {
            return new KeyedConsumer(order, function, 1);
        }
    },
    PARALLEL_BATCHED("parallel-consumer, batches") {
        @Override
        Contestant start(ConsumeOrder order, Consumed function) {
            return new KeyedConsumer(order, function, KeyedConsumer.BATCH);
        }
    };

    final String title;

    ContestantKind(String title) {
        this.title = title;
    }

    abstract Contestant start(ConsumeOrder order, Consumed function);
}
