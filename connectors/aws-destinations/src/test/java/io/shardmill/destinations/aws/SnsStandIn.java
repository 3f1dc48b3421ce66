package io.shardmill.destinations.aws;

import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** SNS's {@code Publish} in the Query protocol: existing topics accept messages from authorized callers. */
final class SnsStandIn extends HttpStandIn {

    /** @param region what the request was signed for */
    record Published(String topic, String region, String message) {}

    private static final String NAMESPACE = "http://sns.amazonaws.com/doc/2010-03-31/";

    private final Set<String> topics = ConcurrentHashMap.newKeySet();
    private final List<Published> published = new CopyOnWriteArrayList<>();
    private volatile boolean denies;

    void create(String topicArn) {
        topics.add(topicArn);
    }

    /** Sets whether every caller is refused. */
    void denies(boolean denies) {
        this.denies = denies;
    }

    List<Published> published() {
        return published;
    }

    @Override
    Answer answer(HttpExchange exchange, byte[] body) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        Map<String, String> form = form(new String(body, StandardCharsets.UTF_8));
        if (authorization == null || !authorization.startsWith("AWS4-HMAC-SHA256 Credential=")) {
            return error(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
        }
        if (!exchange.getRequestMethod().equals("POST")
                || !"Publish".equals(form.get("Action"))
                || !"2010-03-31".equals(form.get("Version"))) {
            return error(400, "InvalidAction", "Could not find operation " + form.get("Action"));
        }
        String topic = form.getOrDefault("TopicArn", "");
        if (denies) {
            return error(403, "AuthorizationError", "User is not authorized to perform: SNS:Publish on " + topic);
        }
        if (form.getOrDefault("Message", "").isEmpty()) {
            return error(400, "InvalidParameter", "Invalid parameter: Empty message");
        }
        if (!topics.contains(topic)) {
            return error(404, "NotFound", "Topic does not exist");
        }
        published.add(new Published(topic, authorization.split("/", -1)[2], form.get("Message")));
        return Answer.xml(
                200,
                "<PublishResponse xmlns=\"" + NAMESPACE + "\"><PublishResult><MessageId>" + UUID.randomUUID()
                        + "</MessageId></PublishResult><ResponseMetadata><RequestId>" + UUID.randomUUID()
                        + "</RequestId></ResponseMetadata></PublishResponse>");
    }

    private static Answer error(int status, String code, String message) {
        return Answer.xml(
                status,
                "<ErrorResponse xmlns=\"" + NAMESPACE + "\"><Error><Type>Sender</Type><Code>" + code
                        + "</Code><Message>" + message + "</Message></Error><RequestId>" + UUID.randomUUID()
                        + "</RequestId></ErrorResponse>");
    }

    private static Map<String, String> form(String body) {
        return Arrays.stream(body.split("&", -1))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(
                        pair -> URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                        pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }
}
