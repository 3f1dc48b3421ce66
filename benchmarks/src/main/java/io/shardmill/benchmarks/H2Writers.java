package io.shardmill.benchmarks;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Writes to an H2 file until the process is killed, and prints each commit: the writer and its number.
 *
 * <p>A transaction adds one to some counters and stores the writer's number, so a sum tells a transaction that is half
 * there. Every tenth commit is followed by H2's {@code CHECKPOINT SYNC}, as a saved checkpoint of Shardmill is: it
 * writes the file while other transactions run.
 */
final class H2Writers {

    static final int COUNTERS = 200;
    static final int COUNTERS_IN_A_TRANSACTION = 10;

    private static final int COMMITS_BETWEEN_SYNCS = 10;

    private H2Writers() {}

    /**
     * Writes until the process is killed.
     *
     * @param arguments the URL, and the number of connections
     */
    public static void main(String[] arguments) throws SQLException {
        String url = arguments[0];
        int writers = Integer.parseInt(arguments[1]);
        try (Connection connection = connect(url);
                Statement statement = connection.createStatement()) {
            statement.execute("create table counter (id int primary key, n bigint not null)");
            statement.execute("create table done (writer int primary key, n bigint not null)");
            statement.execute("insert into counter select x, 0 from system_range(1, " + COUNTERS + ")");
            statement.execute("insert into done select x, 0 from system_range(1, " + writers + ")");
            statement.execute("checkpoint sync");
        }
        for (int writer = 1; writer <= writers; writer++) {
            int number = writer;
            new Thread(() -> writeForEver(url, number)).start();
        }
    }

    static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url, "sa", "");
    }

    private static void writeForEver(String url, int writer) {
        Random random = new Random(writer);
        try (Connection connection = connect(url);
                PreparedStatement count = connection.prepareStatement("update counter set n = n + 1 where id = ?");
                PreparedStatement done = connection.prepareStatement("update done set n = ? where writer = ?");
                Statement sync = connection.createStatement()) {
            connection.setAutoCommit(false);
            sync.execute("set lock_timeout 60000");
            for (long number = 1; ; number++) {
                for (int id : sortedIds(random)) {
                    count.setInt(1, id);
                    count.executeUpdate();
                }
                done.setLong(1, number);
                done.setInt(2, writer);
                done.executeUpdate();
                connection.commit();
                System.out.println(writer + " " + number);
                if (number % COMMITS_BETWEEN_SYNCS == 0) {
                    sync.execute("checkpoint sync");
                }
            }
        } catch (SQLException failed) {
            failed.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    /** In the same order in all writers: none waits for another in a circle. */
    private static int[] sortedIds(Random random) {
        return IntStream.generate(() -> 1 + random.nextInt(COUNTERS))
                .distinct()
                .limit(COUNTERS_IN_A_TRANSACTION)
                .sorted()
                .toArray();
    }
}
