package io.shardmill.examples.flightdelays;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Delay statistics in the application's database. Idempotent: each airport's row knows the line counted last, and as the records of
 * an airport (the partition key) are delivered in order, that one number is enough. It is the flight's own and not the record's: a
 * flight that was put twice is two records. The table is in the database of the checkpoints, so that what a checkpoint
 * says is done is never lost without it.
 */
@Component
class DelayTable {

    private final JdbcClient jdbc;

    DelayTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Transactional
    void add(List<Flight> flights) {
        Map<String, AirportDelays> changed = new LinkedHashMap<>();
        for (Flight flight : flights) {
            changed.compute(flight.origin(), (airport, known) -> (known == null ? find(airport) : known).plus(flight));
        }
        changed.values().forEach(this::save);
    }

    private AirportDelays find(String airport) {
        return jdbc.sql("select * from airport_delay where airport = ?")
                .param(airport)
                .query(DelayTable::read)
                .optional()
                .orElse(AirportDelays.none(airport));
    }

    private void save(AirportDelays delays) {
        jdbc.sql("merge into airport_delay (airport, flights, total_delay, worst_delay, last_line)"
                        + " values (?, ?, ?, ?, ?)")
                .params(delays.airport(), delays.flights(), delays.totalDelay(), delays.worstDelay(), delays.lastLine())
                .update();
    }

    /** Airports with at least that many flights, the most delayed on average first. */
    List<AirportDelays> mostDelayed(int airports, int atLeastFlights) {
        return jdbc.sql("select * from airport_delay where flights >= ?"
                        + " order by cast(total_delay as double) / flights desc, airport limit ?")
                .params(atLeastFlights, airports)
                .query(DelayTable::read)
                .list();
    }

    /** All flights counted. */
    int flights() {
        return jdbc.sql("select coalesce(sum(flights), 0) from airport_delay")
                .query(Integer.class)
                .single();
    }

    private static AirportDelays read(ResultSet row, int number) throws SQLException {
        return new AirportDelays(
                row.getString("airport"),
                row.getInt("flights"),
                row.getLong("total_delay"),
                row.getInt("worst_delay"),
                row.getInt("last_line"));
    }
}
