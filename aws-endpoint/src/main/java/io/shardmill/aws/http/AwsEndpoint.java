package io.shardmill.aws.http;

import io.shardmill.aws.protocol.AwsError;
import io.shardmill.aws.protocol.AwsException;
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

/**
 * Answers the requests that are for one of AWS's services, and lets all others pass. It must be mapped to dispatches of
 * type {@code REQUEST} and {@code ASYNC}: a body is gathered without a thread, and its request dispatched again when all
 * of it is there. Thread-safe.
 */
public final class AwsEndpoint implements Filter, AutoCloseable {

    private static final String INCOMING = Incoming.class.getName();
    private static final String HTTP_2 = "HTTP/2.0";

    private final List<AwsService> services;
    private final EndpointSettings settings;
    private final Admission admission;
    private final BodyMemory memory;
    private final StreamedAnswers streams = new StreamedAnswers();
    private final Responder responder;

    public AwsEndpoint(List<AwsService> services) {
        this(services, EndpointSettings.defaults());
    }

    public AwsEndpoint(List<AwsService> services, EndpointSettings settings) {
        this.services = List.copyOf(services);
        this.settings = settings;
        this.admission = new Admission(settings);
        this.memory = new BodyMemory(settings.bodyMemory());
        this.responder = new Responder(streams);
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        if (request.getAttribute(INCOMING) instanceof Incoming whole) {
            request.removeAttribute(INCOMING);
            responder.send(whole, request, response);
            return;
        }
        Incoming incoming = incoming(request);
        if (incoming == null) {
            chain.doFilter(request, response);
        } else if (request.getContentLengthLong() == 0
                || request.getInputStream().isFinished()) {
            responder.send(incoming, request, response);
        } else {
            read(incoming, request, response);
        }
    }

    /** Null if it is for no service. */
    private @Nullable Incoming incoming(HttpServletRequest request) {
        RequestHead head;
        AwsError malformed = null;
        try {
            head = RequestHeads.of(request);
        } catch (IllegalArgumentException notEncoded) {
            head = RequestHeads.withoutQuery(request);
            malformed = new AwsError(400, "MalformedQueryStringException", "The query is not percent-encoded properly");
        }
        for (AwsService service : services) {
            AwsService.Route route = service.route(head);
            if (route != null) {
                int most = route.maxBodyBytes();
                long length = request.getContentLengthLong();
                BodyMemory.Share share =
                        memory.share(request.getServletConnection().getConnectionId());
                Body body = new Body(share, length < 0 ? most : (int) Math.min(length, most));
                Incoming incoming = new Incoming(service, route, head, body);
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
            incoming.admit(admission.check(incoming.service(), incoming.head(), scheme));
        } catch (AwsException refused) {
            incoming.refuse(refused.error());
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
                responder.send(incoming, request, response);
                response.flushBuffer();
            }
        };
        int most = incoming.route().maxBodyBytes();
        BodyReader reader = new BodyReader(async, incoming, most, deadline, then);
        async.addListener(reader);
        request.getInputStream().setReadListener(reader);
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
