package io.shardmill.benchmarks;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does something for each of a collection on some threads of its own. */
final class Parallel {

    interface Body<T> {
        void accept(T item) throws Exception;
    }

    private Parallel() {}

    static <T> void forEach(int threads, Collection<T> items, Body<T> body) throws Exception {
        Queue<T> queue = new ConcurrentLinkedQueue<>(items);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> workers = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                workers.add(pool.submit(() -> {
                    for (T item = queue.poll(); item != null; item = queue.poll()) {
                        body.accept(item);
                    }
                    return null;
                }));
            }
            for (Future<?> worker : workers) {
                worker.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
