package io.shardmill.examples.lambdahandler;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.StreamsEventResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Adds up flights' delays, batch by batch, and names the first record that is no flight. */
public class DelayHandler implements RequestHandler<KinesisEvent, StreamsEventResponse> {

    @Override
    public StreamsEventResponse handleRequest(KinesisEvent event, Context context) {
        int flights = 0;
        long minutes = 0;
        List<StreamsEventResponse.BatchItemFailure> failures = List.of();
        for (KinesisEvent.KinesisEventRecord each : event.getRecords()) {
            KinesisEvent.Record record = each.getKinesis();
            try {
                minutes += Flight.delayIn(
                        StandardCharsets.UTF_8.decode(record.getData()).toString());
                flights++;
            } catch (IllegalArgumentException broken) {
                // Lambda delivers again from here on; the records before are done.
                failures = List.of(new StreamsEventResponse.BatchItemFailure(record.getSequenceNumber()));
                break;
            }
        }
        context.getLogger().log(flights + " flights were " + minutes + " minutes late\n");
        return new StreamsEventResponse(failures);
    }
}
