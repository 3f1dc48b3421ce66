package io.shardmill.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The server puts together what there is: whatever it can do, an application with the starter can. Only its web server
 * and what of that is logged are its own.
 */
@AnalyzeClasses(packages = "io.shardmill.server", importOptions = DoNotIncludeTests.class)
class ServerRoomTest {

    @ArchTest
    static final ArchRule theServerIsThin = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "ch.qos.logback..",
                    "jakarta.servlet..",
                    "org.eclipse.jetty..",
                    "org.jspecify.annotations..",
                    "org.slf4j..",
                    "org.springframework..",
                    "io.shardmill.spring.backup..",
                    "io.shardmill.server..");
}
