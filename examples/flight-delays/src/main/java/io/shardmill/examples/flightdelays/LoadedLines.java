package io.shardmill.examples.flightdelays;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How many lines are in a stream already, remembered in the application's database. */
@Component
class LoadedLines {

    private final JdbcClient jdbc;

    LoadedLines(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param stream names this stream, and no other that has its name later, or elsewhere */
    int in(String stream) {
        return jdbc.sql("select lines from loaded_lines where stream = ?")
                .param(stream)
                .query(Integer.class)
                .optional()
                .orElse(0);
    }

    void save(String stream, int lines) {
        jdbc.sql("merge into loaded_lines (stream, lines) values (?, ?)")
                .params(stream, lines)
                .update();
    }
}
