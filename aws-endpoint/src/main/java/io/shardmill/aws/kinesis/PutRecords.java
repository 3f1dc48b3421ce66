package io.shardmill.aws.kinesis;

import static io.shardmill.aws.protocol.Constraint.items;

import io.shardmill.aws.protocol.Member;
import io.shardmill.aws.protocol.Members;
import io.shardmill.aws.protocol.Operation;
import io.shardmill.aws.protocol.Shape;
import io.shardmill.function.PutResult;
import java.util.List;

/** Puts up to 500 records, each on its own: some may be stored and others not (spec 10.3). */
final class PutRecords {

    private static final Member<List<Members>> RECORDS = Member.structures(
            "Records",
            Shape.of(Puts.PARTITION_KEY.required(), Puts.DATA.required(), Puts.EXPLICIT_HASH_KEY),
            items(1, 500));
    private static final Shape INPUT =
            Shape.of(RECORDS.required(), KinesisMembers.STREAM_NAME, KinesisMembers.STREAM_ARN);

    private final StreamNames names;
    private final Puts puts;

    PutRecords(StreamNames names, Puts puts) {
        this.names = names;
        this.puts = puts;
    }

    Operation<Action> operation() {
        return Action.operation("PutRecords", INPUT, this::put);
    }

    private void put(Members request, ResponseWriter response) {
        List<PutResult> results =
                puts.put(names.name(request), request.require(RECORDS), index -> "records." + (index + 1) + ".member.");
        long failed = results.stream()
                .filter(result -> result instanceof PutResult.Rejected)
                .count();
        response.number("FailedRecordCount", failed).each("Records", results, PutRecords::write);
    }

    private static void write(ResponseWriter response, PutResult result) {
        if (result instanceof PutResult.Rejected rejected) {
            response.text("ErrorCode", rejected.errorCode()).text("ErrorMessage", rejected.message());
        } else {
            PutRecord.write(response, (PutResult.Stored) result);
        }
    }
}
