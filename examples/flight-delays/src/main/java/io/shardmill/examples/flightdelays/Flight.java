package io.shardmill.examples.flightdelays;

/**
 * One flight, as its record has it.
 *
 * @param line its number in the file, from 0: the same in each record that the flight is put as
 * @param delay in minutes; negative if it was early
 * @param distance in miles
 */
record Flight(int line, String date, int delay, int distance, String origin, String destination) {}
