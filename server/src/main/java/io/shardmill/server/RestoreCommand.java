package io.shardmill.server;

import io.shardmill.spring.backup.BackupException;
import io.shardmill.spring.backup.Restore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/**
 * {@code restore --from=<backup>}: restores a backup into the data folder that the server's configuration, files and
 * arguments, names; nothing else of the server starts.
 */
final class RestoreCommand {

    static final String NAME = "restore";

    private static final String FROM = "from";
    private static final String DATA_DIR = "shardmill.data-dir";

    private RestoreCommand() {}

    /** Returns the exit code of the process. */
    static int run(String[] arguments, Map<String, Object> defaults) {
        SpringApplication command = new SpringApplication(RestoreCommand.class);
        command.setWebApplicationType(WebApplicationType.NONE);
        Map<String, Object> quiet = new HashMap<>(defaults);
        quiet.put("spring.main.log-startup-info", false);
        command.setDefaultProperties(quiet);
        try (ConfigurableApplicationContext context = command.run(Arrays.copyOfRange(arguments, 1, arguments.length))) {
            Environment environment = context.getEnvironment();
            String from = environment.getProperty(FROM);
            if (from == null) {
                System.err.println("from: missing; write " + NAME + " --from=<folder of a backup> [--" + DATA_DIR
                        + "=<empty or missing folder>]");
                return 2;
            }
            Path dataDir = Path.of(environment.getProperty(DATA_DIR, "./data"));
            new Restore(dataDir, Clock.systemUTC()).from(Path.of(from)).lines().forEach(System.out::println);
            return 0;
        } catch (BackupException refused) {
            System.err.println("Not restored: " + refused.getMessage());
            return 1;
        }
    }
}
