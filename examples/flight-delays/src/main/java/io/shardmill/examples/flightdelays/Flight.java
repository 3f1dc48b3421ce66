package io.shardmill.examples.flightdelays;

/**
 * One flight, as a line of the file has it.
 *
 * @param delay in minutes; negative if it was early
 * @param distance in miles
 */
record Flight(String date, int delay, int distance, String origin, String destination) {}
