package io.shardmill.spring;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.application.DiskSpaceHealthIndicator;
import org.springframework.boot.health.autoconfigure.application.DiskSpaceHealthIndicatorProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Boot's health of disk space, of the disk with the data folder unless {@code management.health.diskspace.path} is set. */
@AutoConfiguration(
        beforeName =
                "org.springframework.boot.health.autoconfigure.application.DiskSpaceHealthContributorAutoConfiguration")
@ConditionalOnClass({DiskSpaceHealthIndicator.class, DiskSpaceHealthIndicatorProperties.class})
@ConditionalOnEnabledHealthIndicator("diskspace")
@EnableConfigurationProperties({ShardmillProperties.class, DiskSpaceHealthIndicatorProperties.class})
public final class ShardmillDiskSpaceAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "diskSpaceHealthIndicator")
    DiskSpaceHealthIndicator diskSpaceHealthIndicator(
            DiskSpaceHealthIndicatorProperties disk, ShardmillProperties properties, Environment environment) {
        File path = environment.containsProperty("management.health.diskspace.path")
                ? disk.getPath()
                : existing(properties.dataDir()).toFile();
        return new DiskSpaceHealthIndicator(path, disk.getThreshold());
    }

    /** A folder that is yet to be created lies on the disk of the nearest one that is there. */
    private static Path existing(Path folder) {
        Path existing = folder.toAbsolutePath().normalize();
        for (Path parent = existing; parent != null; parent = parent.getParent()) {
            if (Files.exists(parent)) {
                return parent;
            }
        }
        return existing;
    }
}
