package io.shardmill.server;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent.KinesisEventRecord;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;

/** A function, deployed by {@link SmallHeapIT}: tells the {@link Auditor} that each record names which record it is. */
public final class AuditedHandler implements RequestHandler<KinesisEvent, String> {

    @Override
    public String handleRequest(KinesisEvent event, Context context) {
        List<KinesisEventRecord> records = event.getRecords();
        try (Socket auditor = new Socket(
                InetAddress.getLoopbackAddress(), data(records.get(0)).getInt())) {
            byte[] numbers = new byte[Long.BYTES * records.size()];
            ByteBuffer buffer = ByteBuffer.wrap(numbers);
            records.forEach(record -> buffer.putLong(data(record).getLong(Integer.BYTES)));
            DataOutputStream out = new DataOutputStream(auditor.getOutputStream());
            out.writeInt(records.size());
            out.write(numbers);
            out.flush();
            if (auditor.getInputStream().read() < 0) {
                throw new IllegalStateException("the auditor has not answered");
            }
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
        return "";
    }

    private static ByteBuffer data(KinesisEventRecord record) {
        return record.getKinesis().getData().duplicate();
    }
}
