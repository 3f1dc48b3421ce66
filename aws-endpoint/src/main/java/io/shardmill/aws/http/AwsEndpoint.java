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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Answers the requests that are for one of AWS's services, and lets all others pass. Thread-safe. */
public final class AwsEndpoint implements Filter {

    private final List<AwsService> services;

    public AwsEndpoint(List<AwsService> services) {
        this.services = List.copyOf(services);
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        RequestHead head = head(request);
        for (AwsService service : services) {
            if (service.serves(head)) {
                byte[] body = request.getInputStream().readAllBytes();
                send(service.answer(new AwsRequest(head, body)), request, response);
                return;
            }
        }
        chain.doFilter(request, response);
    }

    private static void send(AwsResponse answer, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        if (answer instanceof AwsResponse.Whole whole) {
            response.setContentLength(whole.body().length);
            response.getOutputStream().write(whole.body());
        } else if (answer instanceof AwsResponse.Streamed streamed) {
            AsyncContext async = request.startAsync();
            async.setTimeout(0);
            Thread thread = new Thread(() -> {
                try {
                    streamed.body().writeTo(response.getOutputStream());
                } catch (IOException | InterruptedException gone) {
                    // nobody reads on
                } finally {
                    async.complete();
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static RequestHead head(HttpServletRequest request) {
        Map<String, List<String>> headers = new TreeMap<>();
        request.getHeaderNames()
                .asIterator()
                .forEachRemaining(name -> headers.put(
                        name.toLowerCase(Locale.ROOT), java.util.Collections.list(request.getHeaders(name))));
        Map<String, List<String>> query = new LinkedHashMap<>();
        String text = request.getQueryString();
        for (String pair : text == null || text.isEmpty() ? new String[0] : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            query.computeIfAbsent(
                            decoded(equals < 0 ? pair : pair.substring(0, equals)), name -> new java.util.ArrayList<>())
                    .add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        return new RequestHead(request.getMethod(), request.getRequestURI(), query, headers);
    }

    private static String decoded(String text) {
        return java.net.URLDecoder.decode(text, java.nio.charset.StandardCharsets.UTF_8);
    }
}
