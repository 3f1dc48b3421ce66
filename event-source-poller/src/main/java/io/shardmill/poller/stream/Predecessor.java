package io.shardmill.poller.stream;

/**
 * The stream that another one has come in place of. Nothing is put into it any more, and its records come before those of its
 * successor: a mapping reads it to its end first.
 *
 * @param label names the kind of stream in logs and reports, such as "embedded stream"
 * @param next where a mapping that has read it to its end begins on the successor
 * @param remedy what to do if it is missing though a mapping has not read it to its end
 */
public record Predecessor(String label, StreamSource source, StartingPosition next, String remedy) {}
