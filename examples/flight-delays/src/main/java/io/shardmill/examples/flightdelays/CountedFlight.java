package io.shardmill.examples.flightdelays;

import io.shardmill.function.SequenceNumber;

/** A flight and the number of its record. */
record CountedFlight(Flight flight, SequenceNumber number) {}
