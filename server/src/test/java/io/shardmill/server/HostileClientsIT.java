package io.shardmill.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged server, with 256 MiB of heap and shorter timeouts than it has by itself, and clients that want it ill, beside one that
 * only wants to put. That one has a connection and keeps it: its puts go on being answered whatever the others do. Who
 * comes new while more connections are open than the server takes has to wait until it has cut some off, which it does
 * with those that are silent (for thirty seconds, if nothing else is set).
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileClientsIT {

    private static final int MIB = 1 << 20;
    private static final byte[] NOTHING = {};

    private static final String CUT_OFF = "";
    private static final String TIMED_OUT = "408 RequestTimeoutException";
    private static final String NO_ROOM = "503 ServiceUnavailable";
    private static final Pattern ERROR = Pattern.compile("RequestTimeoutException|ServiceUnavailable"
            + "|RequestEntityTooLargeException|SerializationException|ValidationException|InternalFailure");

    @TempDir
    private static Path folder;

    private ServerProcess server;
    private URI uri;
    private GoodClient good;

    @BeforeAll
    void start() {
        server = new ServerProcess(
                folder,
                "--shardmill.streams.orders.shards=2",
                "--server.jetty.connection-idle-timeout=5s",
                "--shardmill.aws-endpoint.body-timeout=5s");
        uri = server.uri();
        good = new GoodClient(uri);
    }

    @AfterAll
    void stop() {
        good.close();
        server.close();
    }

    @AfterEach
    void nothing_is_lost_and_the_server_goes_on_as_if_nothing_had_been() {
        putsAreAnswered();
        int acknowledged = good.acknowledged();
        assertThat(good.readAll())
                .containsAll(IntStream.range(0, acknowledged).boxed().toList());
        assertThat(server.console()).doesNotContain("OutOfMemoryError", "Exception", "\tat ");
    }

    private void putsAreAnswered() {
        int now = good.acknowledged();
        server.awaitUntil("more puts", () -> good.acknowledged() > now + 20);
    }

    private Crowd crowd(int size, byte[] first, String more) {
        return new Crowd(uri, size, first, ascii(more));
    }

    /** Awaits that each has been answered and cut off, or only cut off. */
    private void awaitTheEndOf(Crowd crowd) {
        server.awaitUntil("all are cut off", () -> crowd.cutOff() == crowd.size());
        putsAreAnswered();
    }

    /** Ten thousand, or as many as this machine lets one process have. */
    private static int tenThousand() {
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long left = system.getMaxFileDescriptorCount() - system.getOpenFileDescriptorCount() - 200;
        return (int) Math.min(10_000, left);
    }

    private void assertThatTheyAreHeldOff(Crowd crowd) {
        server.awaitUntil("as many as the server takes", () -> crowd.taken() >= Math.min(1_000, crowd.size()));
        putsAreAnswered();
        server.awaitUntil("the first are cut off", () -> crowd.cutOff() >= Math.min(1_000, crowd.size()));
        putsAreAnswered();
    }

    @Test
    void ten_thousand_idle_connections() throws Exception {
        try (Crowd crowd = crowd(tenThousand(), NOTHING, "")) {
            assertThatTheyAreHeldOff(crowd);
        }
    }

    @Test
    void ten_thousand_heads_that_are_half_sent() throws Exception {
        byte[] half = ascii("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: " + "x".repeat(7_000));
        try (Crowd crowd = crowd(tenThousand(), half, "")) {
            assertThatTheyAreHeldOff(crowd);
        }
    }

    @Test
    void hundreds_of_slow_bodies() throws Exception {
        try (Crowd crowd = crowd(400, begun(), "x")) {
            awaitTheEndOf(crowd);
            assertThat(outcomes(crowd)).contains(TIMED_OUT).isSubsetOf(TIMED_OUT, NO_ROOM);
        }
    }

    @Test
    void hundreds_of_bodies_that_come_to_a_stop() throws Exception {
        try (Crowd crowd = crowd(400, begun(), "")) {
            awaitTheEndOf(crowd);
        }
    }

    private static byte[] begun() {
        return request("PutRecords", "json", "Content-Length: 16000000", filled('x', 200_000));
    }

    @Test
    void huge_headers() throws Exception {
        String one = "X-Huge: " + "x".repeat(MIB) + "\r\n";
        String many =
                IntStream.range(0, 5_000).mapToObj(i -> "x" + i + ": y\r\n").collect(Collectors.joining());
        for (String headers : List.of(one, many)) {
            try (Crowd crowd = crowd(200, ascii("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n"), "")) {
                awaitTheEndOf(crowd);
                assertThat(outcomes(crowd)).isSubsetOf("431", CUT_OFF);
            }
        }
    }

    @Test
    void bodies_that_are_longer_than_any_may_be() throws Exception {
        for (byte[] request : List.of(
                request("ListStreams", "json", "Content-Length: 2000000", new byte[2_000_000]),
                request("PutRecords", "json", "Content-Length: 1000000000000", new byte[MIB]),
                request("PutRecords", "json", "Transfer-Encoding: chunked", chunks(40)))) {
            try (Crowd crowd = crowd(20, request, "")) {
                awaitAnswers(crowd);
                assertThat(outcomes(crowd))
                        .isSubsetOf("413 RequestEntityTooLargeException", TIMED_OUT, NO_ROOM, CUT_OFF);
            }
        }
    }

    @Test
    void bodies_that_are_neither_json_nor_cbor() throws Exception {
        for (byte[] request : List.of(
                whole("PutRecords", "json", ascii("{\"Records\":[{")),
                whole("PutRecords", "json", filled('[', 30_000)),
                whole("PutRecords", "cbor", filled(0x81, 30_000)),
                whole("PutRecords", "cbor", filled(0x5B, 30_000)),
                whole("PutRecords", "cbor", new byte[] {(byte) 0xA1, 0x7B, 0x7F, -1, -1, -1, -1, -1, -1, -1}),
                whole("PutRecords", "cbor", new byte[] {(byte) 0xA1, 0x61, 0x41, (byte) 0x9B, 0x7F, -1, -1, -1}))) {
            try (Crowd crowd = crowd(100, request, "")) {
                awaitAnswers(crowd);
                assertThat(outcomes(crowd)).containsExactly("400 SerializationException");
            }
        }
    }

    /** As long as a body may be, and more than that if it were built as an object. */
    @Test
    void bodies_that_would_be_much_more_than_they_seem() throws Exception {
        for (byte[] request : List.of(
                whole("PutRecords", "json", endless("{\"Records\":[", "{},")),
                whole("PutRecords", "json", endless("{\"Records\":[{\"Data\":\"", "A")),
                whole("PutRecords", "json", endless("{\"Records\":[{\"PartitionKey\":\"", "\\u00e4")),
                whole("PutRecords", "json", endless("{\"", "A")),
                whole("PutRecords", "json", endless("{\"Records\":", "9")),
                whole("PutRecords", "cbor", endless("\u00a1gRecords\u009f", "\u00a0")),
                whole("PutRecords", "cbor", endless("\u00a1gRecords\u0081\u00a1dData_", "AA")))) {
            try (Crowd crowd = crowd(6, request, "")) {
                awaitAnswers(crowd);
                assertThat(outcomes(crowd))
                        .isSubsetOf(
                                "400 SerializationException", "400 ValidationException", TIMED_OUT, NO_ROOM, CUT_OFF);
            }
        }
    }

    /** Twenty at once are all that a connection may have. */
    @Test
    void thousands_of_bodies_over_http_2_that_come_to_a_stop() throws Exception {
        for (int requests : new int[] {20, 100}) {
            try (Crowd crowd = crowd(200, http2(requests), "")) {
                server.awaitUntil("all have begun", () -> crowd.answered() == crowd.size());
                putsAreAnswered();
                awaitTheEndOf(crowd);
            }
        }
    }

    /** So many requests whose bodies begin (RFC 9113 and 7541). */
    private static byte[] http2(int requests) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        frame(out, 4, 0, 0, NOTHING); // SETTINGS
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes(new byte[] {(byte) 0x83, (byte) 0x86, (byte) 0x84}); // POST, http, /
        header(head, ":authority", "127.0.0.1");
        header(head, "x-amz-target", "Kinesis_20131202.PutRecords");
        for (int i = 0; i < requests; i++) {
            frame(out, 1, 4, 2 * i + 1, head.toByteArray()); // HEADERS, all of them
            frame(out, 0, 0, 2 * i + 1, filled('x', 600)); // DATA
        }
        return out.toByteArray();
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.writeBytes(ByteBuffer.allocate(9)
                .putInt((payload.length << 8) | type)
                .put((byte) flags)
                .putInt(stream)
                .array());
        out.writeBytes(payload);
    }

    private static void header(ByteArrayOutputStream head, String name, String value) {
        head.write(0); // a literal that is not to be remembered
        head.write(name.length());
        head.writeBytes(ascii(name));
        head.write(value.length());
        head.writeBytes(ascii(value));
    }

    /** What the attackers were told: the status, and the error's name if there was one. */
    private static Set<String> outcomes(Crowd crowd) {
        return crowd.answers().stream().map(HostileClientsIT::outcome).collect(Collectors.toSet());
    }

    private static String outcome(String answer) {
        if (answer.isEmpty()) {
            return CUT_OFF;
        }
        String status = answer.substring("HTTP/1.1 ".length()).split(" ", 2)[0];
        Matcher error = ERROR.matcher(answer);
        return error.find() ? status + " " + error.group() : status;
    }

    /** Each is answered or cut off. */
    private void awaitAnswers(Crowd crowd) {
        server.awaitUntil("answers", () -> crowd.answered() == crowd.size());
        putsAreAnswered();
    }

    /** Of 16 MiB; each character is a byte. */
    private static byte[] endless(String beginning, String then) {
        String repeated = then.repeat((16 * MIB - beginning.length()) / then.length());
        return (beginning + repeated).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] filled(int each, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) each);
        return bytes;
    }

    private static byte[] whole(String action, String form, byte[] body) {
        return request(action, form, "Content-Length: " + body.length, body);
    }

    private static byte[] request(String action, String form, String length, byte[] body) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(ascii("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Target: Kinesis_20131202." + action
                + "\r\nContent-Type: application/x-amz-" + form + "-1.1\r\n" + length + "\r\n\r\n"));
        request.writeBytes(body);
        return request.toByteArray();
    }

    /** Of one MiB each, and no last one. */
    private static byte[] chunks(int count) {
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            chunks.writeBytes(ascii("100000\r\n"));
            chunks.writeBytes(new byte[MIB]);
            chunks.writeBytes(ascii("\r\n"));
        }
        return chunks.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
