package io.shardmill.runtime;

/** Observes that a call has passed its deadline, was interrupted, and still runs a second later. */
public interface DeadlineListener {

    DeadlineListener IGNORED = thread -> {};

    /** Is called on the timer's thread; must not block. {@code thread} runs the call: its stack says where it hangs. */
    void passed(Thread thread);
}
