package io.shardmill.embedded;

import io.shardmill.embedded.internal.metadata.HashRange;
import io.shardmill.embedded.internal.metadata.ShardMeta;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a stream's open shards share out the ring evenly. Shards are split wherever one of the new ones begins, and
 * what then lies within a new one is merged, by halves and in pairs, so that few generations lie between.
 */
final class UniformScaling {

    private final ReshardDraft draft;

    UniformScaling(ReshardDraft draft) {
        this.draft = draft;
    }

    /** @param open by hash key */
    void apply(List<ShardMeta> open, List<HashRange> wanted) throws IOException {
        List<BigInteger> starts =
                wanted.stream().map(range -> range.start().toBigInteger()).toList();
        List<ShardMeta> pieces = new ArrayList<>();
        for (ShardMeta shard : open) {
            BigInteger start = shard.range().start().toBigInteger();
            BigInteger end = shard.range().end().toBigInteger();
            pieces.addAll(cut(
                    shard,
                    starts.stream()
                            .filter(at -> at.compareTo(start) > 0 && at.compareTo(end) <= 0)
                            .toList()));
        }
        int next = 0;
        for (HashRange range : wanted) {
            int from = next;
            while (next < pieces.size() && pieces.get(next).range().end().compareTo(range.end()) <= 0) {
                next++;
            }
            join(pieces.subList(from, next));
        }
    }

    private List<ShardMeta> cut(ShardMeta shard, List<BigInteger> at) throws IOException {
        if (at.isEmpty()) {
            return List.of(shard);
        }
        int middle = at.size() / 2;
        BigInteger key = at.get(middle);
        List<ShardMeta> halves = draft.replace(
                List.of(shard), List.of(shard.range().below(key), shard.range().from(key)));
        List<ShardMeta> pieces = new ArrayList<>(cut(halves.get(0), at.subList(0, middle)));
        pieces.addAll(cut(halves.get(1), at.subList(middle + 1, at.size())));
        return pieces;
    }

    private void join(List<ShardMeta> pieces) throws IOException {
        List<ShardMeta> left = pieces;
        while (left.size() > 1) {
            List<ShardMeta> fewer = new ArrayList<>();
            for (int i = 0; i + 1 < left.size(); i += 2) {
                ShardMeta one = left.get(i);
                ShardMeta other = left.get(i + 1);
                fewer.addAll(
                        draft.replace(List.of(one, other), List.of(one.range().joinedWith(other.range()))));
            }
            if (left.size() % 2 == 1) {
                fewer.add(left.get(left.size() - 1));
            }
            left = fewer;
        }
    }
}
