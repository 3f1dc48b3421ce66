package io.shardmill.benchmarks;

/**
 * What came of one target.
 *
 * @param target such as {@code G1}
 * @param goal what was to be reached
 * @param measured what was, with its unit
 * @param reached whether that is enough
 * @param remark how it was measured, and if it was missed, why
 */
record Verdict(String target, String goal, String measured, boolean reached, String remark) {}
