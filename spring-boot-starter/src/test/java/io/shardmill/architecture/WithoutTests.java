package io.shardmill.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/** Leaves out tests, and what tests have in common in jars. */
final class WithoutTests implements ImportOption {

    private final ImportOption folders = new DoNotIncludeTests();

    @Override
    public boolean includes(Location location) {
        return folders.includes(location) && !location.contains("-tests.jar");
    }
}
