package io.shardmill.aws.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests that are for one of AWS's services, and lets all others pass. It must be mapped to dispatches of
 * type {@code REQUEST} and {@code ASYNC}: a body is gathered without a thread, and its request dispatched again when all
 * of it is there. Thread-safe.
 */
public final class AwsEndpoint implements Filter, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AwsEndpoint.class);
    private static final String INCOMING = Incoming.class.getName();
    private static final String HTTP_2 = "HTTP/2.0";

    private final List<AwsService> services;
    private final EndpointSettings settings;
    private final Admission admission;
    private final BodyMemory memory;
    private final StreamedAnswers streams = new StreamedAnswers();

    public AwsEndpoint(List<AwsService> services) {
        this(services, EndpointSettings.defaults());
    }

    public AwsEndpoint(List<AwsService> services, EndpointSettings settings) {
        this.services = List.copyOf(services);
        this.settings = settings;
        this.admission = new Admission(settings);
        this.memory = new BodyMemory(settings.bodyMemory());
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        if (request.getAttribute(INCOMING) instanceof Incoming whole) {
            request.removeAttribute(INCOMING);
            answer(whole, request, response);
            return;
        }
        Incoming incoming = incoming(request);
        if (incoming == null) {
            chain.doFilter(request, response);
        } else if (request.getContentLengthLong() == 0
                || request.getInputStream().isFinished()) {
            answer(incoming, request, response);
        } else {
            read(incoming, request, response);
        }
    }

    /** Null if it is for no service. */
    private @Nullable Incoming incoming(HttpServletRequest request) {
        RequestHead head;
        Refusal malformed = null;
        try {
            head = RequestHeads.of(request);
        } catch (IllegalArgumentException notEncoded) {
            head = RequestHeads.withoutQuery(request);
            malformed = new Refusal(400, "MalformedQueryStringException", "The query is not percent-encoded properly");
        }
        for (AwsService service : services) {
            if (service.serves(head)) {
                int most = service.maxBodyBytes(head);
                long length = request.getContentLengthLong();
                Incoming incoming =
                        new Incoming(service, head, new Body(memory, length < 0 ? most : (int) Math.min(length, most)));
                if (malformed != null) {
                    incoming.refuse(malformed);
                }
                admit(incoming, request.getScheme());
                if (length > most) {
                    incoming.refuse(BodyReader.tooLong(most));
                }
                return incoming;
            }
        }
        return null;
    }

    private void admit(Incoming incoming, String scheme) {
        try {
            admission.check(incoming.head(), scheme);
        } catch (RefusedException refused) {
            incoming.refuse(refused.refusal());
        }
    }

    private void read(Incoming incoming, HttpServletRequest request, HttpServletResponse response) throws IOException {
        long deadline = System.nanoTime() + settings.bodyTimeout().toNanos();
        AsyncContext async = request.startAsync();
        // Over HTTP/1.1, to time out would be to wait for the rest of the body, on a thread: the container's own
        // timeout closes silent connections.
        async.setTimeout(
                HTTP_2.equals(request.getProtocol()) ? settings.bodyTimeout().toMillis() : 0);
        BodyReader.Then then = new BodyReader.Then() {
            @Override
            public void whole() {
                request.setAttribute(INCOMING, incoming);
                async.dispatch();
            }

            @Override
            public void cut() throws IOException {
                if (!HTTP_2.equals(request.getProtocol())) {
                    response.setHeader("Connection", "close");
                }
                answer(incoming, request, response);
                response.flushBuffer();
            }
        };
        int most = incoming.service().maxBodyBytes(incoming.head());
        BodyReader reader = new BodyReader(async, incoming, most, deadline, then);
        async.addListener(reader);
        request.getInputStream().setReadListener(reader);
    }

    private void answer(Incoming incoming, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        AwsResponse answer;
        try (Body body = incoming.body()) {
            answer = answer(incoming, body);
        }
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        if (answer instanceof AwsResponse.Whole whole) {
            send(whole, response);
        } else if (answer instanceof AwsResponse.Written written) {
            written.content().writeTo(response.getOutputStream());
        } else if (answer instanceof AwsResponse.Streamed streamed) {
            try {
                streams.start(streamed.body(), request, response);
            } catch (RefusedException refused) {
                AwsResponse.Whole refusal = incoming.service().refuse(incoming.head(), refused.refusal());
                response.reset();
                response.setStatus(refusal.status());
                refusal.headers().forEach(response::setHeader);
                send(refusal, response);
                request.getAsyncContext().complete();
            }
        }
    }

    private AwsResponse answer(Incoming incoming, Body body) {
        AwsService service = incoming.service();
        RequestHead head = incoming.head();
        Refusal refusal = incoming.refusal();
        if (refusal != null) {
            return service.refuse(head, refusal);
        }
        AwsRequest request = new AwsRequest(head, body.whole());
        try {
            admission.check(request);
            return service.answer(request);
        } catch (RefusedException refused) {
            return service.refuse(head, refused.refusal());
        } catch (RuntimeException | StackOverflowError unexpected) {
            LOG.error("{} {} failed", head.method(), head.path(), unexpected);
            return service.refuse(
                    head, new Refusal(500, "InternalFailure", "The request failed; the server's log says why"));
        }
    }

    private static void send(AwsResponse.Whole whole, HttpServletResponse response) throws IOException {
        if (whole.body().length > 0) {
            response.setContentLength(whole.body().length);
            response.getOutputStream().write(whole.body());
        }
    }

    /** After {@link #close}: streams can be begun again. */
    public void open() {
        streams.resume();
    }

    /** Ends the streams that are open, and each that is begun. Can be repeated. */
    @Override
    public void close() {
        streams.stop();
    }
}
