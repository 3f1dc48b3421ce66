package io.shardmill.runtime;

/** Told when a call has passed its deadline and still runs. */
public interface Overdue {

    Overdue IGNORED = thread -> {};

    /** On the timer's thread; must not block. {@code thread} runs the call: its stack says where it hangs. */
    void on(Thread thread);
}
