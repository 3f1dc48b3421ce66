package io.shardmill.embedded;

import io.shardmill.embedded.internal.log.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A disk that is full, or fails to sync or to truncate, as long as a test says so. Writes half before it fails. */
final class FailingDisk implements Disk {

    volatile boolean full;
    volatile boolean failsToSync;
    volatile boolean failsToTruncate;
    /** Not the disk's fault, but it can happen anywhere. */
    volatile boolean findsNoMemory;

    final AtomicInteger syncs = new AtomicInteger();

    private final ReadWriteLock syncing = new ReentrantReadWriteLock();

    /** Syncs wait until they are released, by the same thread. */
    void holdSyncs() {
        syncing.writeLock().lock();
    }

    void releaseSyncs() {
        syncing.writeLock().unlock();
    }

    @Override
    public FileChannel open(Path file) throws IOException {
        return new Channel(Disk.FILES.open(file));
    }

    private final class Channel extends FileChannel {

        private final FileChannel real;

        Channel(FileChannel real) {
            this.real = real;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            requireMemory();
            if (full) {
                real.write(source.duplicate().limit(source.position() + source.remaining() / 2), position);
                throw new IOException("No space left on device");
            }
            return real.write(source, position);
        }

        private void requireMemory() {
            if (findsNoMemory) {
                throw new OutOfMemoryError("planned");
            }
        }

        @Override
        public void force(boolean metaData) throws IOException {
            if (failsToSync) {
                throw new IOException("Input/output error");
            }
            syncing.readLock().lock();
            try {
                syncs.incrementAndGet();
                real.force(metaData);
            } finally {
                syncing.readLock().unlock();
            }
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            requireMemory();
            if (failsToTruncate) {
                throw new IOException("Input/output error");
            }
            return real.truncate(size);
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
            return real.map(mode, position, size);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            real.close();
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public int read(ByteBuffer target) {
            throw new UnsupportedOperationException("not used");
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) {
            throw new UnsupportedOperationException("not used");
        }

        @Override
        public int write(ByteBuffer source) {
            throw new UnsupportedOperationException("not used");
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) {
            throw new UnsupportedOperationException("not used");
        }

        @Override
        public long position() {
            throw new UnsupportedOperationException("not used");
        }

        @Override
        public FileChannel position(long newPosition) {
            throw new UnsupportedOperationException("not used");
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException("not used");
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException("not used");
        }

        @Override
        public int read(ByteBuffer target, long position) {
            throw new UnsupportedOperationException("not used");
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException("not used");
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException("not used");
        }
    }
}
