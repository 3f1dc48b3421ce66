package io.shardmill.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Many connections at once, each with the same to say: {@code first} as soon as it is taken, and then {@code more} again
 * and again, a few times a second. They stay until the server cuts them off. One thread has them all.
 */
final class Crowd implements AutoCloseable {

    private static final long MILLIS_BETWEEN = 250;

    private final List<Attacker> attackers = new ArrayList<>();
    private final Selector selector;
    private final CompletableFuture<Void> attack;
    private volatile boolean closed;

    private static final class Attacker {
        final SocketChannel channel;
        final ByteBuffer toSend;
        volatile String answer = "";
        volatile boolean taken;
        volatile boolean cutOff;

        Attacker(SocketChannel channel, ByteBuffer toSend) {
            this.channel = channel;
            this.toSend = toSend;
        }
    }

    Crowd(URI server, int size, byte[] first, byte[] more) {
        try {
            selector = Selector.open();
            for (int i = 0; i < size; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.SO_SNDBUF, 64 << 10);
                Attacker attacker = new Attacker(channel, ByteBuffer.wrap(first));
                attackers.add(attacker);
                boolean connected = channel.connect(new InetSocketAddress(server.getHost(), server.getPort()));
                attacker.taken = connected;
                channel.register(
                        selector,
                        connected ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT,
                        attacker);
            }
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
        this.attack = CompletableFuture.runAsync(() -> attack(more), work -> new Thread(work, "crowd").start());
    }

    private void attack(byte[] more) {
        long next = System.nanoTime();
        try {
            while (!closed) {
                selector.select(this::act, MILLIS_BETWEEN);
                if (more.length > 0 && System.nanoTime() - next > 0) {
                    next = System.nanoTime() + MILLIS_BETWEEN * 1_000_000;
                    attackers.forEach(attacker -> drip(attacker, more));
                }
            }
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    private void act(SelectionKey key) {
        Attacker attacker = (Attacker) key.attachment();
        try {
            if (key.isConnectable()) {
                attacker.taken = attacker.channel.finishConnect();
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            }
            if (key.isReadable()) {
                read(attacker);
            }
            if (key.isValid() && key.isWritable()) {
                attacker.channel.write(attacker.toSend);
                if (!attacker.toSend.hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ);
                }
            }
        } catch (IOException cut) {
            end(attacker);
        }
    }

    private static void read(Attacker attacker) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        if (attacker.channel.read(buffer) < 0) {
            end(attacker);
        } else {
            String before = attacker.answer;
            attacker.answer = before + StandardCharsets.UTF_8.decode(buffer.flip());
        }
    }

    private static void drip(Attacker attacker, byte[] more) {
        if (attacker.taken && !attacker.cutOff && !attacker.toSend.hasRemaining()) {
            try {
                attacker.channel.write(ByteBuffer.wrap(more));
            } catch (IOException cut) {
                // What the server said before is read first.
            }
        }
    }

    private static void end(Attacker attacker) {
        attacker.cutOff = true;
        try {
            attacker.channel.close();
        } catch (IOException unable) {
            throw new UncheckedIOException(unable);
        }
    }

    int size() {
        return attackers.size();
    }

    /** How many the server's machine has let in, now or before. */
    long taken() {
        return attackers.stream().filter(attacker -> attacker.taken).count();
    }

    /** How many the server has cut off. */
    long cutOff() {
        return attackers.stream().filter(attacker -> attacker.cutOff).count();
    }

    /** How many the server has answered or cut off. */
    long answered() {
        return attackers.stream()
                .filter(attacker -> attacker.cutOff || !attacker.answer.isEmpty())
                .count();
    }

    /** What each was told; empty if nothing. */
    List<String> answers() {
        return attackers.stream().map(attacker -> attacker.answer).toList();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        attack.join();
        for (Attacker attacker : attackers) {
            attacker.channel.close();
        }
        selector.close();
    }
}
