package io.shardmill.lambda.injvm;

import com.amazonaws.services.lambda.runtime.Client;
import com.amazonaws.services.lambda.runtime.ClientContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A caller's client context (Lambda guide, "Using the Lambda context object"), read of its JSON. */
record CallerContext(JsonNode json) implements ClientContext {

    /** Returns null if there is none, or it is not JSON. */
    static @Nullable ClientContext of(@Nullable String json) {
        try {
            return json == null ? null : new CallerContext(JsonMapper.shared().readTree(json));
        } catch (JacksonException unreadable) {
            return null;
        }
    }

    @Override
    public Client getClient() {
        return new CallerClient(json.path("client"));
    }

    @Override
    public Map<String, String> getCustom() {
        return texts(json.path("custom"));
    }

    @Override
    public Map<String, String> getEnvironment() {
        return texts(json.path("env"));
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(each -> texts.put(each.getKey(), each.getValue().asString("")));
        return texts;
    }

    private record CallerClient(JsonNode json) implements Client {

        private String text(String name) {
            return json.path(name).asString("");
        }

        @Override
        public String getInstallationId() {
            return text("installation_id");
        }

        @Override
        public String getAppTitle() {
            return text("app_title");
        }

        @Override
        public String getAppVersionName() {
            return text("app_version_name");
        }

        @Override
        public String getAppVersionCode() {
            return text("app_version_code");
        }

        @Override
        public String getAppPackageName() {
            return text("app_package_name");
        }
    }
}
