package io.shardmill.spring;

import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.core.env.Environment;

/** DOWN while records of a shard are damaged or missing; shows which, and the command that gives them up. */
final class DamagedShardsHealthIndicator extends AbstractHealthIndicator {

    private final DamagedShards shards;
    private final Environment environment;

    DamagedShardsHealthIndicator(DamagedShards shards, Environment environment) {
        super("The streams' health could not be determined");
        this.shards = shards;
        this.environment = environment;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up();
        shards.all()
                .forEach((shard, damages) -> builder.down()
                        .withDetail(
                                shard.toString(),
                                Map.of("damages", damages, "skip", command(shard.stream() + "/" + shard.id()))));
    }

    /** As somebody on this machine would type it. */
    private String command(String shard) {
        String port =
                environment.getProperty("local.management.port", environment.getProperty("local.server.port", "8080"));
        String path = environment.getProperty("management.endpoints.web.base-path", "/actuator");
        return "curl -X POST http://localhost:" + port + path + "/shardmill/" + shard
                + " -H 'Content-Type: application/json' -d '{\"action\": \"" + DamagedShards.SKIP + "\"}'";
    }
}
