package io.shardmill.runtime;

/** Observes that a call has passed its deadline and still runs. */
public interface DeadlineListener {

    DeadlineListener IGNORED = thread -> {};

    /** Is called on the timer's thread; must not block. {@code thread} runs the call: its stack says where it hangs. */
    void passed(Thread thread);
}
