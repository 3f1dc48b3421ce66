package io.shardmill.spring;

import io.shardmill.embedded.model.Durability;
import io.shardmill.runtime.Isolation;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DataSizeUnit;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.util.unit.DataSize;
import org.springframework.util.unit.DataUnit;

/**
 * Everything that can be configured, under {@code shardmill}. A mapping's properties are the parameters of
 * Lambda's {@code CreateEventSourceMapping} in kebab case, with Lambda's ranges and defaults. A property that
 * is not one of these is an error at start.
 *
 * @param dataDir Folder of embedded streams, of deployed functions and, in an application without a DataSource, of checkpoints. One process at a time uses it. Shardmill restricts access to its owner, and refuses a folder that others can access and that contains unrelated directories.
 * @param fileDestinations Folders in which mappings created at run time, also over HTTP, may have file destinations. The folder "destinations" in data-dir by default. Destinations of configured mappings may be anywhere but on Shardmill's own files.
 * @param functionUser System user that function processes run as. The user of the server by default. Requires environments-dir and the right to change users, which root has.
 * @param environmentsDir Folder for the working files of function processes, which are kept in its subfolder shardmill-environments and deleted at startup. The folder "environments" in data-dir by default. Required, and outside data-dir, when functions run as another user.
 * @param interpreters Programs that run functions of python3.* and nodejs*, such as /opt/python3.12/bin/python3. Each runs the runtimes of its own version, and is preferred to those on the PATH. Only those on the PATH are used by default.
 * @param allowOtherInterpreterVersions Whether a function may run on an interpreter of another version than its runtime names, if that version is not installed.
 * @param backupDir Folder in which each backup gets a folder of its own. The folder "backups" beside data-dir by default. Must not be inside data-dir.
 * @param restoreFrom Folder of a backup to restore into data-dir, which must be empty or missing, before the application starts. A data-dir that was restored from this backup is used as it is. Nothing is restored by default.
 * @param durability What an acknowledged put into an embedded stream survives.
 * @param region AWS region in the ARNs of streams, functions and mappings, in events, and in the environment variables of functions.
 * @param accountId AWS account in the ARNs of streams, functions and mappings and in events, 12 digits. In YAML it is put in quotes.
 * @param namespace Key of the application's checkpoints, 1 to 128 characters, which keeps applications that share a database apart. The application's name by default, or "default" if it has none. Set it before renaming an application, because mappings begin anew under another namespace.
 * @param checkpointInterval Minimum time between two saves of checkpoints, longer than 0. What was finished after the last save is delivered again after a crash.
 * @param checkpointPatience How long saves of checkpoints may fail before shards stop reading and invoking, longer than 0.
 * @param checkpointRecovery What the application does at startup if checkpoints are damaged, missing, or older than those it saw last.
 * @param shutdownTimeout Maximum time for stopping all mappings, longer than 0. Nine tenths of it wait for running invocations, which are abandoned afterwards. Keep it shorter than spring.lifecycle.timeout-per-shutdown-phase and than the grace period of the platform, which is 30s in Kubernetes.
 * @param maximumConcurrency Maximum number of concurrent invocations of one mapping over all its shards, 1 to 10000.
 * @param showPayloads Whether the log and the endpoint show the messages of exceptions, which may quote payloads or people. Classes and line numbers are always shown.
 * @param replay Position from which all mappings deliver again at every start: TRIM_HORIZON, a time, or a sequence number. Nothing is delivered again by default.
 * @param jdbc Tables of the checkpoints.
 * @param checkpoints Checkpoints that were kept elsewhere.
 * @param aws Endpoints and region of on-failure destinations and streams on AWS. Requires the modules shardmill-aws-destinations and shardmill-kinesis.
 * @param awsEndpoint HTTP interfaces of Kinesis and Lambda on the application's port. Requires the module shardmill-aws-endpoint.
 * @param streams Streams by name. An embedded stream that does not exist is created at startup.
 * @param functions Settings of functions by name: of function beans, and of functions that "code" deploys.
 * @param mappings Event source mappings by name, 1 to 64 letters, digits, hyphens, underscores and dots. The name is part of the key of the mapping's checkpoints.
 */
@ConfigurationProperties(prefix = "shardmill", ignoreUnknownFields = false)
public record ShardmillProperties(
        @DefaultValue("./data") Path dataDir,
        @DefaultValue List<Path> fileDestinations,
        @Nullable String functionUser,
        @Nullable Path environmentsDir,
        @DefaultValue List<Path> interpreters,
        @DefaultValue("false") boolean allowOtherInterpreterVersions,
        @Nullable Path backupDir,
        @Nullable Path restoreFrom,
        @DefaultValue("process") Durability durability,
        @DefaultValue("us-east-1") String region,
        @DefaultValue("000000000000") String accountId,
        @Nullable String namespace,
        @DefaultValue("100ms") Duration checkpointInterval,
        @DefaultValue("10s") Duration checkpointPatience,
        @DefaultValue("refuse") CheckpointRecovery checkpointRecovery,
        @DefaultValue("25s") Duration shutdownTimeout,
        @DefaultValue("256") int maximumConcurrency,
        @DefaultValue("false") boolean showPayloads,
        @Nullable String replay,
        @DefaultValue Jdbc jdbc,
        @DefaultValue Checkpoints checkpoints,
        @DefaultValue Aws aws,
        @DefaultValue @NestedConfigurationProperty AwsEndpointProperties awsEndpoint,
        @DefaultValue Map<String, Stream> streams,
        @DefaultValue Map<String, Function> functions,
        @DefaultValue Map<String, Mapping> mappings) {

    /**
     * The checkpoints' tables.
     *
     * @param initializeSchema When the tables of the checkpoints are created.
     */
    public record Jdbc(@DefaultValue("embedded") DatabaseInitializationMode initializeSchema) {}

    /**
     * Checkpoints that were kept elsewhere.
     *
     * @param importFrom URL of an H2 file, such as jdbc:h2:./data/checkpoints, whose rows of the application's namespace are copied at startup into a database that has none of them. USER and PASSWORD are settings of the URL, the user sa without a password by default. Nothing is imported by default.
     */
    public record Checkpoints(@Nullable String importFrom) {}

    /**
     * Where on-failure destinations on AWS and streams of Kinesis are.
     *
     * @param endpoint Endpoint that replaces those of SQS, SNS, S3 and Kinesis, such as http://localhost:4566. S3 buckets are then addressed by path. AWS's own endpoints by default.
     * @param region Region of S3 buckets, whose ARNs name none, and of Kinesis streams that are named without an ARN. The region of the AWS SDK's default chain by default, such as that of AWS_REGION.
     * @param sqs Endpoint of SQS.
     * @param sns Endpoint of SNS.
     * @param s3 Endpoint of S3.
     * @param kinesis Kinesis streams, unless the stream itself says otherwise.
     */
    public record Aws(
            @Nullable URI endpoint,
            @Nullable String region,
            @DefaultValue Service sqs,
            @DefaultValue Service sns,
            @DefaultValue Service s3,
            @DefaultValue Kinesis kinesis) {

        /**
         * Where a service is.
         *
         * @param endpoint Endpoint of this service alone. The one of "shardmill.aws.endpoint" by default.
         */
        public record Service(@Nullable URI endpoint) {}

        /**
         * Where Kinesis is.
         *
         * @param endpoint Endpoint of Kinesis alone. The one of "shardmill.aws.endpoint" by default.
         * @param http2 Whether subscriptions of consumers use HTTP/2, as AWS requires. Some stand-ins for AWS know HTTP/1.1 only.
         */
        public record Kinesis(
                @Nullable URI endpoint,
                @DefaultValue("true") boolean http2) {}
    }

    /**
     * A stream: an embedded one, one of Amazon Kinesis with kinesis, or a topic of Apache Kafka with kafka.
     *
     * @param shards Number of shards that an embedded stream is created with, 1 to 10000. A stream that exists keeps its shards.
     * @param retention How long an embedded stream keeps records, 1s to 365d. 24h by default.
     * @param maxRecordSize Maximum size of a record together with its partition key in an embedded stream, 1MB to 10MB. 1MB by default.
     * @param kinesis Name or ARN of a Kinesis stream, or ARN of a consumer that is registered with one. Mappings and writers use it under the name of this stream. The stream is embedded by default. Requires the module shardmill-kinesis.
     * @param consumer Name of a consumer to subscribe as (enhanced fan-out), which is registered if it does not exist. The stream is polled by default.
     * @param region AWS region of the Kinesis stream. The region of its ARN, or else the one of "shardmill.aws.region" or of the AWS SDK's default chain, by default.
     * @param endpoint Endpoint of Kinesis for this stream, such as http://localhost:4567. The one of "shardmill.aws.kinesis" by default.
     * @param profile Profile of the AWS configuration files whose credentials are used for this stream. The AWS SDK's default chain, or the application's AwsCredentialsProvider, by default.
     * @param deaggregate What becomes of records that the Kinesis Producer Library has packed into one.
     * @param polling How a Kinesis stream without a consumer is polled.
     * @param kafka Topic of Kafka. Mappings and writers use it under the name of this stream. Boot's properties "spring.kafka" configure the clients. The stream is embedded by default. Requires the module shardmill-kafka.
     * @param move The stream whose records come before those of the Kinesis stream. There is none by default.
     */
    @ConfigurationPropertiesSource
    public record Stream(
            @DefaultValue("1") int shards,
            @Nullable Duration retention,
            @Nullable DataSize maxRecordSize,
            @Nullable String kinesis,
            @Nullable String consumer,
            @Nullable String region,
            @Nullable URI endpoint,
            @Nullable String profile,
            @DefaultValue("as-lambda") Deaggregate deaggregate,
            @DefaultValue Polling polling,
            @Nullable Kafka kafka,
            @Nullable Move move) {

        /** Returns whether it is neither of Kinesis nor of Kafka. */
        public boolean isEmbedded() {
            return kinesis == null && kafka == null;
        }

        /**
         * A topic of Kafka.
         *
         * @param topic Name of the topic. The name of the stream by default.
         * @param bootstrapServers Brokers of the topic's cluster, such as b-1:9092,b-2:9092. The one of "spring.kafka.bootstrap-servers" by default.
         * @param clusterArn ARN of the cluster in Amazon MSK, as events and documents show it. Events are those of a self-managed cluster by default.
         */
        public record Kafka(
                @Nullable String topic,
                @Nullable String bootstrapServers,
                @Nullable String clusterArn) {}

        /**
         * How often a shard is asked for records.
         *
         * @param minimumIdle Pause after everything was read, 0s to 5m. It doubles while nothing comes.
         * @param maximumIdle Longest pause, from minimum-idle to 5m. A record waits for it at most.
         * @param readsPerSecond Maximum number of reads of a shard in a second, 1 to 1000. Kinesis allows 5 to all who poll a shard.
         * @param bytesPerSecond Maximum size of what is read of a shard in a second. Kinesis allows 2MB to all who poll a shard.
         */
        public record Polling(
                @DefaultValue("200ms") Duration minimumIdle,
                @DefaultValue("1s") Duration maximumIdle,
                @DefaultValue("5") int readsPerSecond,
                @DefaultValue("2000000B") DataSize bytesPerSecond) {}

        /**
         * The move of a stream that is in use: mappings read the former stream to its end first.
         *
         * @param from Kind of the former stream, which has this stream's name. It is closed to puts at startup. Required.
         * @param startingPosition Position in the Kinesis stream from which a mapping that has read the former stream to its end reads. Not LATEST, which would leave out what is put meanwhile.
         * @param startingPositionTimestamp Time from which such a mapping reads, such as 2026-11-23T10:15:30Z. Required with the starting position AT_TIMESTAMP, and not valid with others. Must not be in the future. None by default.
         */
        public record Move(
                @Nullable MoveFrom from,
                @DefaultValue("TRIM_HORIZON") StartingPositionType startingPosition,
                @Nullable Instant startingPositionTimestamp) {}
    }

    /** Kinds of streams that can be moved. */
    public enum MoveFrom {
        /** The embedded stream of the same name. */
        EMBEDDED
    }

    /** What becomes of aggregated records. */
    public enum Deaggregate {
        /** As Lambda: unpacked for a consumer, delivered as they are when the stream is polled. */
        AS_LAMBDA,
        /** Each packed record is delivered by itself. */
        ALWAYS,
        /** The packed records are delivered as one. */
        NEVER
    }

    /**
     * How a function is run, and, with code, a function that is deployed as on Lambda.
     *
     * @param timeout Maximum duration of an invocation, 1ms to 15m. A longer one is a failed attempt: its thread is interrupted, or its process killed.
     * @param reservedConcurrency Maximum number of concurrent invocations of the function. A batch beyond it is throttled, which is not a failed attempt. 0 throttles every batch, and -1 sets no limit.
     * @param code Jar, zip or folder with the code of the function, as for Lambda. The function is a bean by default. Changed code runs from the next batch on. Requires the module shardmill-lambda-runtime.
     * @param layers Layers of the code, at most 5: folders or zips as for Lambda, whose contents Lambda would merge in /opt in this order. A file of a later one replaces that of an earlier one. Changed layers are used from the next batch on. None by default.
     * @param handler Entry point of the code: com.acme.Handler or com.acme.Handler::method in Java, folder/file.function in Python and JavaScript. Required with "code". Optional with the runtimes provided*, whose executable finds it in the variable _HANDLER, and "bootstrap" by default there.
     * @param runtime Lambda's identifier of the runtime of the code.
     * @param environment Environment variables of the function's processes, at most 4KB of names and values. Variables that Lambda reserves for the role, such as AWS_REGION and AWS_ACCESS_KEY_ID, are allowed. None by default. Not seen by code with isolation jvm.
     * @param memory Maximum memory of a function process and its children together, or the heap of a Java process, 128MB to 10240MB.
     * @param user System user that the function's processes run as. The one of "shardmill.function-user" by default. Not with isolation jvm.
     * @param description Description of the function for people, at most 256 characters.
     * @param isolation Where the code runs. jvm is for Java runtimes only.
     */
    @ConfigurationPropertiesSource
    public record Function(
            @DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS)
            Duration timeout,

            @DefaultValue("-1") int reservedConcurrency,
            @Nullable Path code,
            @DefaultValue List<Path> layers,
            @Nullable String handler,
            @DefaultValue("java17") String runtime,
            @DefaultValue Map<String, String> environment,

            @DefaultValue("128MB") @DataSizeUnit(DataUnit.MEGABYTES)
            DataSize memory,

            @Nullable String user,
            @DefaultValue("") String description,
            @DefaultValue("process") Isolation isolation) {}

    /**
     * An event source mapping.
     *
     * @param stream Name of the stream to read. The one of "topic" by default.
     * @param function Name of the function bean or deployed function to invoke, or a composition such as parse|store. The name of the mapping by default.
     * @param topic Name of a topic to read on the cluster of "spring.kafka", which is then a stream of this name. None by default. Requires the module shardmill-kafka.
     * @param consumerGroup Consumer group of the mapping on Kafka, which no other mapping may have. Namespace and name of the mapping by default, with a dot between them. Offsets that the group has already are where the mapping begins.
     * @param enabled Whether the application starts the mapping.
     * @param startingPosition Position in the stream from which a mapping without checkpoints reads.
     * @param startingPositionTimestamp Time from which a mapping without checkpoints reads, such as 2026-11-23T10:15:30Z. Required with the starting position AT_TIMESTAMP, and not valid with others. Must not be in the future. None by default.
     * @param filters Up to 5 patterns in Lambda's filter language, such as {"data":{"delay":[{"numeric":[">",60]}]}}. Only records that match one of them are delivered. All records are delivered by default. Not with tumbling-window.
     * @param batchSize Maximum number of records in a batch, 1 to 10000. A batch is also limited to an event of 6MB.
     * @param maximumBatchingWindow Maximum time for gathering the records of a batch, 0s to 300s. With 0s the function is invoked with the records that are there. 0s by default, and 500ms for topics of Kafka.
     * @param parallelizationFactor Maximum number of batches of a shard that are processed concurrently, 1 to 10. Records with the same partition key stay in order.
     * @param tumblingWindow Length of tumbling windows over each shard, 1s to 900s in whole seconds. 0s turns windows off. Not with filters or a parallelization-factor above 1.
     * @param maximumRetryAttempts Maximum number of retries after the first attempt, 0 to 10000. With -1 a batch is retried until its records reach maximum-record-age. Without either limit it is retried until it succeeds, even when the stream no longer keeps its records.
     * @param maximumRecordAge Maximum age of records, 60s to 7d. Older ones are discarded. With -1 records do not expire.
     * @param bisectBatchOnFunctionError Whether a failed batch is split in two, repeatedly, until the failing record is isolated.
     * @param functionResponseTypes Response types of the function. Not needed for a function that returns Result. None by default.
     * @param onFailure Destination of discarded batches: "log", a file, the ARN of an SQS queue, SNS topic or S3 bucket, for a topic of Kafka another one, or the name of an OnFailureDestination bean. They are logged and dropped by default.
     * @param transactional Whether the function runs in a transaction of the application's database, which commits what it writes there together with the checkpoint of its batch. Requires the checkpoints in that database and a transaction manager for it. Not with tumbling-window or deployed functions.
     * @param replay Position from which the mapping delivers again at every start: TRIM_HORIZON, a time, or a sequence number. The one of "shardmill.replay" by default.
     * @param adoptCheckpointsOf Former name of the mapping. A mapping without checkpoints adopts those of that name. None are adopted by default.
     */
    @ConfigurationPropertiesSource
    public record Mapping(
            @Nullable String stream,
            @Nullable String function,
            @Nullable String topic,
            @Nullable String consumerGroup,
            @DefaultValue("true") boolean enabled,
            @DefaultValue("TRIM_HORIZON") StartingPositionType startingPosition,
            @Nullable Instant startingPositionTimestamp,
            @DefaultValue List<String> filters,
            @DefaultValue("100") int batchSize,

            @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration maximumBatchingWindow,

            @DefaultValue("1") int parallelizationFactor,

            @DefaultValue("0s") @DurationUnit(ChronoUnit.SECONDS)
            Duration tumblingWindow,

            @DefaultValue("-1") int maximumRetryAttempts,

            @DefaultValue("-1") @DurationUnit(ChronoUnit.SECONDS)
            Duration maximumRecordAge,

            @DefaultValue("false") boolean bisectBatchOnFunctionError,
            @DefaultValue Set<FunctionResponseType> functionResponseTypes,
            @Nullable String onFailure,
            @DefaultValue("false") boolean transactional,
            @Nullable String replay,
            @Nullable String adoptCheckpointsOf) {}

    /** Lambda's {@code StartingPosition}. */
    public enum StartingPositionType {
        /** The oldest record the stream keeps. */
        TRIM_HORIZON,
        /** The next record that is put. */
        LATEST,
        /** The first record that arrived at or after {@code starting-position-timestamp}. */
        AT_TIMESTAMP
    }

    /** Lambda's {@code FunctionResponseTypes}. */
    public enum FunctionResponseType {
        /** Written {@code ReportBatchItemFailures} in Lambda. */
        REPORT_BATCH_ITEM_FAILURES;

        @Override
        public String toString() {
            return "ReportBatchItemFailures";
        }
    }
}
