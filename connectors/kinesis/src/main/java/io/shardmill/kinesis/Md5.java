package io.shardmill.kinesis;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What Kinesis hashes partition keys with, and its producers seal aggregated records with. */
final class Md5 {

    static final int SIZE = 16;

    private Md5() {}

    static byte[] of(byte[] data, int offset, int length) {
        MessageDigest md5 = digest();
        md5.update(data, offset, length);
        return md5.digest();
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no MD5, which aggregated records are read with", e);
        }
    }
}
