package io.shardmill.benchmarks;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import java.util.List;

/** A function as it is written for AWS Lambda: looks at each record, and is content if all have the right size. */
public final class PayloadHandler implements RequestHandler<KinesisEvent, StreamsEventResponse> {

    /** The size of each record. */
    static final int BYTES = 1024;

    @Override
    public StreamsEventResponse handleRequest(KinesisEvent event, Context context) {
        for (KinesisEvent.KinesisEventRecord record : event.getRecords()) {
            if (record.getKinesis().getData().remaining() != BYTES) {
                throw new IllegalArgumentException("A record of another size");
            }
        }
        return new StreamsEventResponse(List.of());
    }
}
