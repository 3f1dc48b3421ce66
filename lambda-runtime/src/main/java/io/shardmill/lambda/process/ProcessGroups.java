package io.shardmill.lambda.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The processes of this machine at one moment, by the function that they belong to: all of the session that its first
 * process leads, and their descendants, whatever session those made for themselves (proc_pid_stat(5)).
 */
final class ProcessGroups {

    private static final int STAT_BYTES = 512;
    private static final int PARENT = 1;
    private static final int SESSION = 3;

    private final File proc;
    private final byte[] buffer = new byte[STAT_BYTES];
    private final Map<Long, Long> leaders = new HashMap<>(); // by process; 0 for one of nobody

    private record Row(long parent, long session) {}

    private ProcessGroups(File proc) {
        this.proc = proc;
    }

    /**
     * Reads the state of all processes once.
     *
     * @param leaders the first process of each group
     * @return the processes of each group that is not gone
     */
    static Map<Long, List<Long>> of(Set<Long> leaders) {
        return new ProcessGroups(new File("/proc")).read(leaders);
    }

    private Map<Long, List<Long>> read(Set<Long> wanted) {
        Map<Long, Row> rows = new HashMap<>();
        String[] names = proc.list();
        for (String name : names == null ? new String[0] : names) {
            if (Character.isDigit(name.charAt(0))) {
                Row row = row(name);
                if (row != null) {
                    rows.put(Long.parseLong(name), row);
                }
            }
        }
        Map<Long, List<Long>> groups = new HashMap<>();
        for (Long process : rows.keySet()) {
            long leader = leader(process, rows, wanted);
            if (leader != 0) {
                groups.computeIfAbsent(leader, first -> new ArrayList<>()).add(process);
            }
        }
        return groups;
    }

    private long leader(long process, Map<Long, Row> rows, Set<Long> wanted) {
        Long known = leaders.get(process);
        if (known != null) {
            return known;
        }
        leaders.put(process, 0L); // ends a circle of parents, which a table that is read in pieces may show
        Row row = rows.get(process);
        long leader = row == null ? 0 : wanted.contains(row.session()) ? row.session() : 0;
        if (row != null && leader == 0 && row.parent() != 0) {
            leader = leader(row.parent(), rows, wanted);
        }
        leaders.put(process, leader);
        return leader;
    }

    private @Nullable Row row(String process) {
        try (FileInputStream in = new FileInputStream(new File(proc, process + "/stat"))) {
            int length = in.readNBytes(buffer, 0, STAT_BYTES);
            String stat = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            // Behind the name, which may hold anything.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", SESSION + 2);
            return new Row(Long.parseLong(fields[PARENT]), Long.parseLong(fields[SESSION]));
        } catch (IOException | RuntimeException ended) {
            return null;
        }
    }
}
