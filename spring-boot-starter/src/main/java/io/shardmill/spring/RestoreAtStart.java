package io.shardmill.spring;

import io.shardmill.spring.backup.BackupException;
import io.shardmill.spring.backup.Restore;
import io.shardmill.spring.backup.RestoredFolder;
import java.nio.file.Path;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Restores a backup before anything uses the data folder, if the configuration names one. */
final class RestoreAtStart {

    private static final Logger LOG = LoggerFactory.getLogger(RestoreAtStart.class);

    private RestoreAtStart() {}

    static RestoredFolder open(ShardmillProperties properties, Clock clock) {
        Path backup = properties.restoreFrom();
        if (backup != null) {
            try {
                Restore restore = new Restore(properties.dataDir(), clock);
                if (restore.isDone(backup)) {
                    LOG.info("{} was restored before; remove shardmill.restore-from", backup);
                } else {
                    restore.from(backup).lines().forEach(LOG::info);
                }
            } catch (BackupException refused) {
                throw new ShardmillConfigurationException(
                        "shardmill.restore-from",
                        refused.getMessage() + ". Remove the property if that backup has been restored");
            }
        }
        try {
            return RestoredFolder.in(properties.dataDir());
        } catch (BackupException unfinished) {
            throw new ShardmillConfigurationException("shardmill.data-dir", unfinished);
        }
    }
}
