package io.shardmill.lambda.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whose connection it is, as the kernel's tables tell it. */
@Timeout(60)
class PeerCheckTest {

    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    private static final String LOOPBACK = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? "0100007F" : "7F000001";
    private static final String MAPPED = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
            ? "0000000000000000FFFF00000100007F"
            : "00000000000000000000FFFF7F000001";

    @TempDir
    Path tables;

    private ServerSocket listener;
    private Socket client;
    private Socket accepted;

    @BeforeEach
    void connect() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        client = new Socket(listener.getInetAddress(), listener.getLocalPort());
        accepted = listener.accept();
    }

    @AfterEach
    void disconnect() throws IOException {
        accepted.close();
        client.close();
        listener.close();
    }

    private String row(String address, int from, int to, String state, long uid, long inode) {
        return String.format(
                "   7: %s:%04X %s:%04X %s 00000000:00000000 00:00000000 00000000 %5d        0 %d 1 0000000000000000 20 4 30 10 -1\n",
                address, from, address, to, state, uid, inode);
    }

    private String clients(String address, String state, long uid, long inode) {
        return row(address, client.getLocalPort(), listener.getLocalPort(), state, uid, inode);
    }

    private boolean admits(String tcp, String tcp6) throws IOException {
        Files.writeString(tables.resolve("tcp"), HEAD + tcp);
        Files.writeString(tables.resolve("tcp6"), HEAD + tcp6);
        return new PeerCheck(tables, 1000).admits(accepted);
    }

    @Test
    void the_functions_own_user_is_admitted_and_no_other() throws Exception {
        assertThat(admits(clients(LOOPBACK, "01", 1000, 4711), "")).isTrue();
        assertThat(admits(clients(LOOPBACK, "01", 65534, 4711), "")).isFalse();
        assertThat(admits(clients(LOOPBACK, "01", 0, 4711), "")).isFalse();
    }

    @Test
    void a_socket_of_ipv6_that_is_connected_to_ipv4_is_found_in_the_other_table() throws Exception {
        assertThat(admits("", clients(MAPPED, "01", 1000, 4711))).isTrue();
        assertThat(admits("", clients(MAPPED, "01", 65534, 4711))).isFalse();
    }

    @Test
    void our_own_end_of_the_connection_and_other_connections_dont_count() throws Exception {
        String ourEnd = row(LOOPBACK, listener.getLocalPort(), client.getLocalPort(), "01", 1000, 4712);
        String other = row(LOOPBACK, client.getLocalPort() ^ 1, listener.getLocalPort(), "01", 1000, 4713);
        assertThat(admits(ourEnd + other, "")).isFalse();
        assertThat(admits(ourEnd + other + clients(LOOPBACK, "01", 1000, 4711), ""))
                .isTrue();
    }

    /** The kernel shows a socket that its process has closed as root's, without an inode. */
    @Test
    void a_connection_that_nobody_holds_any_more_is_nobodys() throws Exception {
        assertThat(admits(clients(LOOPBACK, "05", 1000, 0), "")).isFalse();
    }

    @Test
    void where_there_are_no_tables_the_other_checks_must_do() throws Exception {
        assertThat(new PeerCheck(tables.resolve("missing"), 1000).admits(accepted))
                .isTrue();
    }

    @Test
    void a_system_without_the_newer_protocol_has_one_table() throws Exception {
        Files.writeString(tables.resolve("tcp"), HEAD + clients(LOOPBACK, "01", 1000, 4711));
        assertThat(new PeerCheck(tables, 1000).admits(accepted)).isTrue();
        assertThat(new PeerCheck(tables, 1001).admits(accepted)).isFalse();
    }

    @Test
    void the_kernels_own_tables_are_read() throws Exception {
        Path real = Path.of("/proc/net");
        assertThat(new PeerCheck(real, ProcessStatus.ownUid()).admits(accepted)).isTrue();
        assertThat(new PeerCheck(real, ProcessStatus.ownUid() + 1).admits(accepted))
                .isFalse();
        client.close();
        assertThat(new PeerCheck(real, ProcessStatus.ownUid()).admits(accepted)).isFalse();
    }
}
