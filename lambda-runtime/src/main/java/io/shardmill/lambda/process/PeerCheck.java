package io.shardmill.lambda.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admits loopback connections of one user only. The kernel's tables of TCP sockets name the owner of the other end
 * (proc_pid_net(5)). On a system without these tables everybody is admitted, which is logged once. Thread-safe.
 */
final class PeerCheck {

    private static final Logger LOG = LoggerFactory.getLogger(PeerCheck.class);
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    /** A table is read in pieces: a row may be missed when one before it goes meanwhile. */
    private static final int READS = 2;

    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int UID = 7;
    private static final int INODE = 9;
    private static final String MAPPED = isLittleEndian() ? "0000000000000000FFFF0000" : "00000000000000000000FFFF";

    private final List<Path> tables;
    private final long uid;

    /**
     * @param folder with the tables {@code tcp} and {@code tcp6}
     * @param uid whose connections are admitted
     */
    PeerCheck(Path folder, long uid) {
        this.tables = List.of(folder.resolve("tcp"), folder.resolve("tcp6"));
        this.uid = uid;
    }

    /** Admits the processes of this user. */
    static PeerCheck ofUser(long uid) {
        return new PeerCheck(Path.of("/proc/net"), uid);
    }

    /** Returns whether the other end of an accepted connection belongs to the user and is still open. */
    boolean admits(Socket accepted) throws IOException {
        String peer = address(accepted.getInetAddress(), accepted.getPort());
        String own = address(accepted.getLocalAddress(), accepted.getLocalPort());
        for (int read = 0; read < READS; read++) {
            boolean tableFound = false;
            for (Path table : tables) {
                try {
                    String owner = owner(table, peer, own);
                    if (owner != null) {
                        return owner.equals(Long.toString(uid));
                    }
                    tableFound = true;
                } catch (NoSuchFileException missing) {
                    // the system has no such protocol, or no tables at all
                }
            }
            if (!tableFound) {
                warnOnce();
                return true;
            }
        }
        return false;
    }

    /** Returns the owner of the socket with these ends; null if no process holds one. */
    private static @Nullable String owner(Path table, String local, String remote) throws IOException {
        try (BufferedReader rows = Files.newBufferedReader(table, StandardCharsets.ISO_8859_1)) {
            for (String row = rows.readLine(); row != null; row = rows.readLine()) {
                if (row.contains(local) && row.contains(remote)) {
                    String[] columns = row.strip().split("\\s+", -1);
                    if (matches(columns[LOCAL], local) && matches(columns[REMOTE], remote)) {
                        return columns[INODE].equals("0") ? null : columns[UID]; // a closed one is shown as root's
                    }
                }
            }
        }
        return null;
    }

    private static boolean matches(String column, String address) {
        return column.equals(address) || column.equals(MAPPED + address);
    }

    /** Returns an IPv4 address and port as the tables write them: a number of the machine's byte order, in hex. */
    private static String address(InetAddress address, int port) {
        byte[] bytes = address.getAddress();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes.length; i++) {
            text.append(String.format("%02X", bytes[isLittleEndian() ? bytes.length - 1 - i : i]));
        }
        return text.append(String.format(":%04X", port)).toString();
    }

    private static boolean isLittleEndian() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    }

    private void warnOnce() {
        if (WARNED.compareAndSet(false, true)) {
            LOG.warn(
                    "{} cannot be read: any user of this machine can connect to the Runtime API of functions in processes",
                    tables);
        }
    }
}
