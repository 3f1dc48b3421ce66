package io.shardmill.interop.replicas;

import io.shardmill.poller.testkit.SwallowingProxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@link ReplicaApplication} in a process of its own, with a way to the database that can be blocked. */
final class ReplicaProcess extends ApplicationProcess {

    private final SwallowingProxy database;

    ReplicaProcess(String name, Path folder, int databasePort, List<String> arguments) {
        this(name, folder, new SwallowingProxy(databasePort), arguments);
    }

    private ReplicaProcess(String name, Path folder, SwallowingProxy database, List<String> arguments) {
        super(name, folder, ReplicaApplication.class, withDatabase(arguments, database));
        this.database = database;
    }

    private static List<String> withDatabase(List<String> arguments, SwallowingProxy database) {
        List<String> all = new ArrayList<>(arguments);
        all.add("--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + database.port()
                + "/postgres?socketTimeout=10");
        return all;
    }

    SwallowingProxy database() {
        return database;
    }

    @Override
    void awaitEnd() {
        super.awaitEnd();
        database.close();
    }
}
