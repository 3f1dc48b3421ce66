package io.shardmill.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.Set;

/** Opens the file that killed {@link H2Writers} left behind and prints what is wrong with it, a line each. */
final class H2Examination {

    enum Damage {
        /** The file cannot be opened or read. */
        UNREADABLE,
        /** A row cannot be updated though nobody else is connected. */
        LOCKED,
        /** A row cannot be updated, and the attempt does not end at the lock timeout either. */
        HUNG,
        /** A transaction is there in parts. */
        HALF,
        /** A commit is missing that was acknowledged: expected for half a second, unless WRITE_DELAY is 0. */
        LOST
    }

    private H2Examination() {}

    /**
     * Examines a file.
     *
     * @param arguments the URL, and the last number that each writer acknowledged
     */
    public static void main(String[] arguments) {
        Set<Damage> found = EnumSet.noneOf(Damage.class);
        try (Connection connection = H2Writers.connect(arguments[0]);
                Statement statement = connection.createStatement()) {
            statement.execute("set lock_timeout 100");
            compare(statement, arguments, found);
            found.forEach(System.out::println); // an update may never return
            if (isLocked(statement, "counter") || isLocked(statement, "done")) {
                System.out.println(Damage.LOCKED);
            }
        } catch (SQLException unreadable) {
            System.err.println(unreadable);
            System.out.println(Damage.UNREADABLE);
        }
    }

    private static void compare(Statement statement, String[] arguments, Set<Damage> found) throws SQLException {
        long transactions = 0;
        try (ResultSet done = statement.executeQuery("select writer, n from done")) {
            while (done.next()) {
                transactions += done.getLong(2);
                if (done.getLong(2) < Long.parseLong(arguments[done.getInt(1)])) {
                    found.add(Damage.LOST);
                }
            }
        }
        try (ResultSet sum = statement.executeQuery("select sum(n) from counter")) {
            sum.next();
            if (sum.getLong(1) != transactions * H2Writers.COUNTERS_IN_A_TRANSACTION) {
                found.add(Damage.HALF);
            }
        }
    }

    private static boolean isLocked(Statement statement, String table) {
        try {
            statement.executeUpdate("update " + table + " set n = n + 1");
            return false;
        } catch (SQLException locked) {
            System.err.println(locked);
            return true;
        }
    }
}
