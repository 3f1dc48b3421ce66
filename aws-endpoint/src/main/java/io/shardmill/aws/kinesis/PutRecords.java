package io.shardmill.aws.kinesis;

import io.shardmill.aws.http.AwsResponse;
import io.shardmill.function.PutResult;
import java.util.List;
import java.util.Objects;

/** Puts up to 500 records, each on its own: some may be stored and others not (spec 10.3). */
final class PutRecords implements Action {

    private final StreamNames names;
    private final Puts puts;

    PutRecords(StreamNames names, Puts puts) {
        this.names = names;
        this.puts = puts;
    }

    @Override
    public AwsResponse answer(Call call) {
        PutMembers request = PutMembers.read(call);
        List<PutMember> records = request.records();
        Constraints constraints = new Constraints().required("records", records);
        if (records != null) {
            constraints.count("records", request.recordCount(), 1, PutMembers.MAX_RECORDS);
            for (int i = 0; i < records.size(); i++) {
                records.get(i).constrain(prefix(i), constraints);
            }
        }
        String stream = names.name(request.streamName(), request.streamArn(), constraints);
        return call.success(
                reply(new Reply(call.wire()), puts.put(stream, Objects.requireNonNull(records), PutRecords::prefix)));
    }

    private static String prefix(int index) {
        return "records." + (index + 1) + ".member.";
    }

    private static Reply reply(Reply reply, List<PutResult> results) {
        long failed = results.stream()
                .filter(result -> result instanceof PutResult.Rejected)
                .count();
        return reply.number("FailedRecordCount", failed).each("Records", results, PutRecords::result);
    }

    private static void result(Reply reply, PutResult result) {
        if (result instanceof PutResult.Rejected rejected) {
            reply.text("ErrorCode", rejected.errorCode()).text("ErrorMessage", rejected.message());
        } else {
            PutRecord.stored(reply, (PutResult.Stored) result);
        }
    }
}
