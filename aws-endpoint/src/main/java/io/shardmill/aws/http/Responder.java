package io.shardmill.aws.http;

import io.shardmill.aws.protocol.AwsError;
import io.shardmill.aws.protocol.AwsException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has requests answered by their services, and sends the responses. Thread-safe. */
final class Responder {

    private static final Logger LOG = LoggerFactory.getLogger(Responder.class);

    private final StreamedAnswers streams;

    Responder(StreamedAnswers streams) {
        this.streams = streams;
    }

    void send(Incoming incoming, HttpServletRequest request, HttpServletResponse response) throws IOException {
        AwsResponse answer;
        try (Body body = incoming.body()) {
            answer = answer(incoming, body);
        }
        if (answer instanceof AwsResponse.Whole whole) {
            send(whole, response);
        } else if (answer instanceof AwsResponse.Written written) {
            begin(written, response);
            written.content().writeTo(response.getOutputStream());
        } else if (answer instanceof AwsResponse.Streamed streamed) {
            begin(streamed, response);
            try {
                streams.start(streamed.body(), request, response);
            } catch (AwsException refused) {
                response.reset();
                send(incoming.service().refuse(incoming.head(), refused.error()), response);
                request.getAsyncContext().complete();
            }
        }
    }

    private AwsResponse answer(Incoming incoming, Body body) {
        AwsService service = incoming.service();
        RequestHead head = incoming.head();
        AwsError refusal = incoming.refusal();
        if (refusal != null) {
            return service.refuse(head, refusal);
        }
        AwsRequest request = new AwsRequest(head, body.whole());
        try {
            incoming.verify(request);
            return incoming.route().answer(request);
        } catch (AwsException refused) {
            return service.refuse(head, refused.error());
        } catch (RuntimeException | StackOverflowError unexpected) {
            LOG.error("{} {} failed", head.method(), head.path(), unexpected);
            return service.refuse(
                    head, new AwsError(500, "InternalFailure", "The request failed; the server's log says why"));
        }
    }

    private static void begin(AwsResponse answer, HttpServletResponse response) {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
    }

    private static void send(AwsResponse.Whole whole, HttpServletResponse response) throws IOException {
        begin(whole, response);
        if (whole.body().length > 0) {
            response.setContentLength(whole.body().length);
            response.getOutputStream().write(whole.body());
        }
    }
}
