package io.shardmill.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.shardmill.runtime.DaemonThreads;
import io.shardmill.runtime.DurationText;
import java.util.List;

/**
 * Dependencies between the rooms (the top-level folders) point one way. Each rule names everything a room
 * may use, so a new room, or a new library in an old one, has to be written down here first.
 */
@AnalyzeClasses(packages = "io.shardmill", importOptions = WithoutTests.class)
class RoomsTest {

    private static final String ANNOTATIONS = "org.jspecify.annotations..";
    private static final String LOGGING = "org.slf4j..";

    private static final String SDK = "io.shardmill.function..";
    private static final String RUNTIME = "io.shardmill.runtime..";
    private static final String POLLER = "io.shardmill.poller..";
    private static final String EMBEDDED = "io.shardmill.embedded..";
    private static final String LAMBDA = "io.shardmill.lambda..";
    private static final String AWS_DESTINATIONS = "io.shardmill.destinations.aws..";
    private static final String KINESIS = "io.shardmill.kinesis..";
    private static final String KAFKA = "io.shardmill.kafka..";
    private static final String AWS_ENDPOINT = "io.shardmill.aws..";
    private static final String STARTER = "io.shardmill.spring..";

    private static final String[] DATABASE = {"java.sql..", "javax.sql..", "org.h2.."};
    private static final String JDBC_STORE = "io.shardmill.poller.checkpoint.jdbc..";

    @ArchTest
    static final ArchRule everyClassLivesInARoom = classes()
            .should()
            .resideInAnyPackage(
                    SDK, RUNTIME, POLLER, EMBEDDED, LAMBDA, AWS_DESTINATIONS, KINESIS, KAFKA, AWS_ENDPOINT, STARTER)
            .because("a new room needs its own rule here");

    @ArchTest
    static final ArchRule theFunctionSdkNeedsTheJdkOnly = onlyUses(SDK, "java..", ANNOTATIONS, SDK);

    @ArchTest
    static final ArchRule theRuntimeKnowsTheFunctionSdkOnly =
            onlyUses(RUNTIME, "java..", ANNOTATIONS, LOGGING, SDK, RUNTIME);

    @ArchTest
    static final ArchRule thePollerKnowsTheRuntimeAndNoContainerNoHttpNoCloud = classes()
            .that(resideInAPackage(POLLER).and(resideOutsideOfPackage(JDBC_STORE)))
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            "java..",
                            ANNOTATIONS,
                            LOGGING,
                            "tools.jackson..",
                            "com.fasterxml.jackson.annotation..",
                            "io.github.resilience4j..",
                            SDK,
                            RUNTIME,
                            POLLER)
                    .and(resideOutsideOfPackage("java.net.http..")));

    @ArchTest
    static final ArchRule theJdbcStoreUsesSpringJdbcAndNothingElseOfSpring = onlyUses(
                    JDBC_STORE,
                    "java..",
                    "javax.sql..",
                    ANNOTATIONS,
                    LOGGING,
                    "tools.jackson..",
                    "org.springframework.jdbc..",
                    "org.springframework.dao..",
                    "org.springframework.transaction..",
                    SDK,
                    "io.shardmill.poller.stream..",
                    "io.shardmill.poller.checkpoint..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule theDatabaseIsTouchedInTheJdbcStoreOnly = noClasses()
            .that()
            .resideOutsideOfPackages(JDBC_STORE, STARTER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DATABASE);

    @ArchTest
    static final ArchRule nobodyButTheStarterMakesOrFindsTheJdbcStore = noClasses()
            .that()
            .resideOutsideOfPackages(JDBC_STORE, STARTER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(JDBC_STORE);

    @ArchTest
    static final ArchRule theEmbeddedStreamKnowsOnlyThePortsOfThePoller = onlyUses(
            EMBEDDED,
            List.of(DaemonThreads.class, DurationText.class),
            "java..",
            "com.sun.management..", // the JDK's own, for the limit of descriptors
            ANNOTATIONS,
            LOGGING,
            "tools.jackson..",
            "com.fasterxml.jackson.annotation..",
            SDK,
            "io.shardmill.runtime.arn..",
            "io.shardmill.runtime.files..",
            "io.shardmill.poller.stream..",
            "io.shardmill.poller.destination..",
            "io.shardmill.poller.event..",
            EMBEDDED);

    /** What is stored stands on what users meet, the log on both, and the open streams on all. */
    @ArchTest
    static final ArchRule theEmbeddedStreamIsBuiltInLayers = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("streams")
            .definedBy("io.shardmill.embedded")
            .layer("log")
            .definedBy("io.shardmill.embedded.internal.log")
            .layer("metadata")
            .definedBy("io.shardmill.embedded.internal.metadata")
            .layer("files")
            .definedBy("io.shardmill.embedded.internal.files")
            .layer("model")
            .definedBy("io.shardmill.embedded.model")
            .whereLayer("streams")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("log")
            .mayOnlyBeAccessedByLayers("streams")
            .whereLayer("metadata")
            .mayOnlyBeAccessedByLayers("streams", "log")
            .whereLayer("files")
            .mayOnlyBeAccessedByLayers("streams", "log", "metadata")
            .whereLayer("model")
            .mayOnlyBeAccessedByLayers("streams", "log", "metadata", "files");

    @ArchTest
    static final ArchRule theLambdaRuntimeKnowsTheRuntimeAndAwssHandlerLibraries = onlyUses(
            LAMBDA,
            "java..",
            ANNOTATIONS,
            LOGGING,
            "tools.jackson..",
            "com.amazonaws.services.lambda.runtime..",
            "com.amazonaws.lambda.thirdparty..",
            SDK,
            RUNTIME,
            LAMBDA);

    @ArchTest
    static final ArchRule theAwsDestinationsKnowTheAwsSdkAndOnlyThePortsOfThePoller = onlyUses(
            AWS_DESTINATIONS,
            "java..",
            ANNOTATIONS,
            "software.amazon.awssdk..",
            SDK,
            "io.shardmill.runtime..", // a document that can't be built for lack of memory is not sent
            "io.shardmill.poller.destination..",
            "io.shardmill.poller.event..",
            "io.shardmill.poller.mapping..",
            AWS_DESTINATIONS);

    @ArchTest
    static final ArchRule theKinesisConnectorKnowsTheAwsSdkAndOnlyTheStreamsOfThePoller = onlyUses(
            KINESIS,
            List.of(DaemonThreads.class),
            "java..",
            ANNOTATIONS,
            LOGGING,
            "com.google.protobuf..", // aggregated records
            "org.reactivestreams..", // subscriptions in the AWS SDK
            "io.netty.util.concurrent..", // the SDK's event loop is stopped by it
            "io.netty.channel..",
            "software.amazon.awssdk..",
            SDK,
            "io.shardmill.runtime.arn..",
            "io.shardmill.poller.stream..",
            KINESIS);

    @ArchTest
    static final ArchRule theKafkaConnectorKnowsKafkasClientAndOnlyThePortsOfThePoller = onlyUses(
            KAFKA,
            "java..",
            ANNOTATIONS,
            LOGGING,
            "org.apache.kafka..",
            SDK,
            "io.shardmill.runtime..", // what can't be written now is not sent
            "io.shardmill.poller.destination..",
            "io.shardmill.poller.event..",
            "io.shardmill.poller.stream..",
            KAFKA);

    @ArchTest
    static final ArchRule kafkasClientIsUsedInTheConnectorAndWiredInTheStarterOnly = noClasses()
            .that()
            .resideOutsideOfPackages(KAFKA, STARTER, "io.shardmill.benchmarks..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule theAwsEndpointSpeaksHttpForTheRoomsBehindItAndKnowsNoContainer = onlyUses(
            AWS_ENDPOINT,
            "java..",
            "javax.crypto..",
            ANNOTATIONS,
            LOGGING,
            "jakarta.servlet..",
            "tools.jackson..",
            "software.amazon.eventstream..",
            SDK,
            RUNTIME,
            POLLER,
            EMBEDDED,
            LAMBDA,
            AWS_ENDPOINT);

    @ArchTest
    static final ArchRule whatSpeaksHttpKnowsNoService = noClasses()
            .that()
            .resideInAnyPackage("io.shardmill.aws.http..", "io.shardmill.aws.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.shardmill.aws.kinesis..", "io.shardmill.aws.lambda..", EMBEDDED, POLLER, LAMBDA);

    @ArchTest
    static final ArchRule theAwsSdkIsUsedInTheConnectorsAndWiredInTheStarterOnly = noClasses()
            .that()
            .resideOutsideOfPackages(AWS_DESTINATIONS, KINESIS, STARTER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk..");

    @ArchTest
    static final ArchRule thePackagesOfThePollerFormNoCycle = SlicesRuleDefinition.slices()
            .matching("io.shardmill.poller.(**)")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule thePackagesOfTheLambdaRuntimeFormNoCycle = SlicesRuleDefinition.slices()
            .matching("io.shardmill.lambda.(**)")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule whatRunsLambdasFunctionsKnowsNothingOfTheirDeployment = noClasses()
            .that()
            .resideInAnyPackage("io.shardmill.lambda.injvm..", "io.shardmill.lambda.process..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.shardmill.lambda.deploy..");

    private static ArchRule onlyUses(String room, String... packages) {
        return classes().that().resideInAPackage(room).should().onlyDependOnClassesThat(resideInAnyPackage(packages));
    }

    private static ArchRule onlyUses(String room, List<Class<?>> types, String... packages) {
        return classes()
                .that()
                .resideInAPackage(room)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(packages).or(belongToAnyOf(types.toArray(Class[]::new))));
    }
}
