package io.shardmill.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {

    /** Written in parts of random sizes. */
    private record Document(byte[] content, int size) implements Payload {

        @Override
        public void writeTo(OutputStream out) throws IOException {
            Random random = new Random(1);
            int done = 0;
            while (done < content.length) {
                int next = Math.min(1 + random.nextInt(100_000), content.length - done);
                if (next == 1) {
                    out.write(content[done]);
                } else {
                    out.write(content, done, next);
                }
                done += next;
            }
        }
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                2,
                BytePieces.PIECE - 1,
                BytePieces.PIECE,
                BytePieces.PIECE + 1,
                3 * BytePieces.PIECE,
                1_000_000
            })
    void a_stream_has_what_was_written(int size) throws Exception {
        byte[] bytes = bytes(size);
        Payload document = new Document(bytes, size);
        assertThat(document.stream().readAllBytes()).isEqualTo(bytes);
        assertThat(document.bytes()).isEqualTo(bytes);
        assertThat(Payload.of(bytes).stream().readAllBytes()).isEqualTo(bytes);
        try (InputStream again = document.stream()) {
            for (byte expected : bytes) {
                assertThat((byte) again.read()).isEqualTo(expected);
            }
            assertThat(again.read()).isEqualTo(-1);
        }
    }

    @Test
    void a_document_that_ends_early_is_not_invoked_with() {
        Payload document = new Document(bytes(10), 11);
        assertThatThrownBy(document::stream).isInstanceOf(NotInvokedException.class);
        assertThatThrownBy(document::bytes).isInstanceOf(NotInvokedException.class);
    }

    @Test
    void a_document_that_is_longer_than_it_says_is_not_invoked_with() {
        Payload document = new Document(Arrays.copyOf(bytes(10), 11), 10);
        assertThatThrownBy(document::stream).isInstanceOf(NotInvokedException.class);
    }
}
