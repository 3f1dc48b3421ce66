package io.shardmill.examples.flightdelays;

import java.util.List;
import org.springframework.stereotype.Component;

/** Looks at what is really there, not at what the run says of itself. */
@Component
class Audit {

    private final DelayTable table;
    private final IsolatedRecords isolated;

    Audit(DelayTable table, IsolatedRecords isolated) {
        this.table = table;
        this.isolated = isolated;
    }

    /** How many lines are neither counted in the table nor in the destination's file. */
    int lost(int lines) {
        return lines - table.flights() - isolated.texts().size();
    }

    List<AirportDelays> mostDelayed(int airports, int atLeastFlights) {
        return table.mostDelayed(airports, atLeastFlights);
    }
}
