package io.shardmill.aws.kinesis;

import io.shardmill.embedded.model.StreamInfo;
import io.shardmill.embedded.model.StreamInfo.ShardInfo;
import io.shardmill.function.PutEntry;
import io.shardmill.function.PutResult;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Rejects the records that their shards have no throughput left for: 1,000 records and 1 MiB a second. Thread-safe. */
final class WriteThroughput {

    private static final int RECORDS_PER_SECOND = 1_000;
    private static final int BYTES_PER_SECOND = 1 << 20;

    private final ShardThroughput throughput;
    private final String account;

    WriteThroughput(Clock clock, String account) {
        this.throughput = new ShardThroughput(clock, RECORDS_PER_SECOND, BYTES_PER_SECOND);
        this.account = account;
    }

    /** Puts what is admitted; one result for each entry, in their order. */
    List<PutResult> put(
            StreamInfo stream, List<PutEntry> entries, Function<List<PutEntry>, List<PutResult>> putAdmitted) {
        List<ShardInfo> shards = stream.openShards();
        List<PutEntry> admitted = new ArrayList<>();
        List<Optional<PutResult>> rejections = new ArrayList<>();
        for (PutEntry entry : entries) {
            Optional<PutResult> rejection = admit(stream, entry, shards);
            rejections.add(rejection);
            if (rejection.isEmpty()) {
                admitted.add(entry);
            }
        }
        Iterator<PutResult> put = putAdmitted.apply(admitted).iterator();
        return rejections.stream()
                .map(rejection -> rejection.orElseGet(put::next))
                .toList();
    }

    private Optional<PutResult> admit(StreamInfo stream, PutEntry entry, List<ShardInfo> shards) {
        byte[] key = entry.partitionKey().getBytes(StandardCharsets.UTF_8);
        String shard = shardOf(entry, key, shards);
        boolean admitted = throughput.admit(stream.incarnation() + shard, key.length + entry.data().length);
        return admitted ? Optional.empty() : Optional.of(rejected(shard, stream.name()));
    }

    private PutResult rejected(String shardId, String stream) {
        return new PutResult.Rejected(
                "ProvisionedThroughputExceededException", ShardThroughput.message(shardId, stream, account));
    }

    /** @param shards by their hash keys, which they share out */
    private static String shardOf(PutEntry entry, byte[] key, List<ShardInfo> shards) {
        BigInteger explicit = entry.explicitHashKey();
        BigInteger hash = explicit == null ? new BigInteger(1, md5().digest(key)) : explicit;
        for (ShardInfo shard : shards) {
            if (hash.compareTo(shard.endingHashKey()) <= 0) {
                return shard.id();
            }
        }
        throw new IllegalStateException("no shard takes hash key " + hash);
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
