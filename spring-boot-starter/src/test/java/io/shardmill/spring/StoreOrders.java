package io.shardmill.spring;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent.KinesisEventRecord;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse.BatchItemFailure;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** As it was written for Lambda: it names the first record that fails. */
public class StoreOrders implements RequestHandler<KinesisEvent, StreamsEventResponse> {

    @Override
    public StreamsEventResponse handleRequest(KinesisEvent event, Context context) {
        for (KinesisEventRecord record : event.getRecords()) {
            String order =
                    StandardCharsets.UTF_8.decode(record.getKinesis().getData()).toString();
            if (order.isBlank()) {
                String failed = record.getKinesis().getSequenceNumber();
                return new StreamsEventResponse(List.of(new BatchItemFailure(failed)));
            }
            context.getLogger().log(record.getKinesis().getPartitionKey() + " ordered " + order);
        }
        return new StreamsEventResponse();
    }
}
