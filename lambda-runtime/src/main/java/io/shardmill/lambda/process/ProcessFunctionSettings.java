package io.shardmill.lambda.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A function that runs in processes of its own, as Lambda's CreateFunction describes it. Immutable.
 *
 * @param variables its environment; names as on Lambda: a letter, then letters, digits and underscores, two at least.
 *     A name that the platform reserves is without effect
 * @param user as whom its processes run, who must be able to read the code; null for the user of this process
 */
public record ProcessFunctionSettings(
        Identity identity,
        Code code,
        Map<String, String> variables,
        Limits limits,
        Environments environments,
        @Nullable ProcessUser user) {

    private static final Pattern VARIABLE = Pattern.compile("[a-zA-Z][a-zA-Z0-9_]+");

    /**
     * Who it is.
     *
     * @param name letters, digits, {@code -} and {@code _}, 64 at most
     * @param region in its ARN and its environment, as {@code eu-west-1}
     * @param account in its ARN: 12 digits
     * @param version {@code $LATEST} or a published version's number
     */
    public record Identity(String name, String region, String account, String version) {

        private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9-_]{1,64}");

        public Identity {
            require(
                    NAME.matcher(name).matches(),
                    "function name: '" + name + "' must be 1 to 64 letters, digits, '-' and '_'");
        }

        /** Of the code and configuration that were set last. */
        public Identity(String name, String region, String account) {
            this(name, region, account, FunctionProcess.LATEST);
        }

        public String arn() {
            return "arn:aws:lambda:" + region + ":" + account + ":function:" + name;
        }
    }

    /**
     * What is run.
     *
     * @param runtime {@code java17}, {@code java21} ...: AWS's Java client on the Java this server has;
     *     {@code provided} and {@code provided.*}: the executable {@code bootstrap} in the folder
     * @param handler as {@code com.acme.Handler::handleRequest}; a bootstrap reads it from {@code _HANDLER}
     * @param folder the unpacked code, also the working directory: classes, {@code lib/*.jar}, or {@code bootstrap}
     */
    public record Code(String runtime, String handler, Path folder) {

        private static final Pattern JAVA = Pattern.compile("java[0-9]+(\\.al2)?");

        public Code {
            require(
                    JAVA.matcher(runtime).matches() || isProvided(runtime),
                    "runtime: '" + runtime
                            + "' must be java17 or another Java, or provided, provided.al2, provided.al2023;"
                            + " for another language bring a bootstrap");
            folder = folder.toAbsolutePath();
        }

        boolean isProvided() {
            return isProvided(runtime);
        }

        private static boolean isProvided(String runtime) {
            return runtime.equals("provided") || runtime.startsWith("provided.");
        }
    }

    /**
     * What one invocation may use.
     *
     * @param memoryMegabytes 64 to 32768: what a bootstrap and its children may hold together, or a Java function's largest
     *     heap; Lambda's default is 128
     * @param timeout 1 ms to 15 min (Lambda's longest); then its processes are killed
     */
    public record Limits(int memoryMegabytes, Duration timeout) {

        private static final Duration LONGEST = Duration.ofMinutes(15);

        public Limits {
            require(
                    memoryMegabytes >= 64 && memoryMegabytes <= 32_768,
                    "memory-size: " + memoryMegabytes + " must be between 64 and 32768 (megabytes)");
            require(
                    timeout.toMillis() >= 1 && timeout.compareTo(LONGEST) <= 0,
                    "timeout: " + timeout + " must be between 1ms and 15m");
        }
    }

    /**
     * How many execution environments there are, and for how long.
     *
     * @param maximum 1 or more; an invocation that finds all of them busy is throttled
     * @param concurrency 1 to 64: how many invocations one of them runs at the same time; 1 on Lambda, but for its
     *     managed instances ({@code AWS_LAMBDA_MAX_CONCURRENCY}): then a timeout ends only the waiting, not the process,
     *     and log tails mix
     * @param idleTime how long one is kept that nobody needs; positive
     * @param initTimeout how long one may take to start before that is tried again within its first invocation;
     *     10 s on Lambda; positive
     */
    public record Environments(int maximum, int concurrency, Duration idleTime, Duration initTimeout) {

        private static final int MAX_CONCURRENCY = 64;
        public static final Duration DEFAULT_IDLE_TIME = Duration.ofMinutes(5);
        public static final Duration DEFAULT_INIT_TIMEOUT = Duration.ofSeconds(10);

        public Environments {
            require(maximum >= 1, "maximum-environments: " + maximum + " must be 1 or more");
            require(
                    concurrency >= 1 && concurrency <= MAX_CONCURRENCY,
                    "environment-concurrency: " + concurrency + " must be between 1 and " + MAX_CONCURRENCY);
            require(idleTime.toMillis() > 0, "idle-time: " + idleTime + " must be 1ms or more");
            require(initTimeout.toMillis() > 0, "init-timeout: " + initTimeout + " must be 1ms or more");
        }

        public static Environments upTo(int maximum) {
            return new Environments(maximum, 1, DEFAULT_IDLE_TIME, DEFAULT_INIT_TIMEOUT);
        }
    }

    /** As the user of this process. */
    public ProcessFunctionSettings(
            Identity identity, Code code, Map<String, String> variables, Limits limits, Environments environments) {
        this(identity, code, variables, limits, environments, null);
    }

    public ProcessFunctionSettings {
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            require(
                    VARIABLE.matcher(variable.getKey()).matches()
                            || variable.getKey().startsWith("_"),
                    "environment: the name '" + variable.getKey()
                            + "' must be a letter, then letters, digits and underscores, two at least");
            require(
                    variable.getValue().indexOf('\0') < 0,
                    "environment: the value of '" + variable.getKey() + "' must not hold the character 0");
        }
        variables = Map.copyOf(variables);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** A JVM needs this much beside its heap: for classes, compiled code, threads and direct buffers. */
    private static final int BESIDE_HEAP_MEGABYTES = 256;

    /**
     * Returns what the processes of one environment may hold together, in KiB, before they are killed. A Java function's heap is
     * bounded by its JVM, so that it fails with an OutOfMemoryError; a quarter more, 256 MB at least, is for the rest of it.
     */
    long memoryLimitKilobytes() {
        int memory = limits.memoryMegabytes();
        int beside = code.isProvided() ? 0 : Math.max(BESIDE_HEAP_MEGABYTES, memory / 4);
        return (memory + beside) * 1024L;
    }

    /** Variables may be secrets: only their names are told. */
    @Override
    public String toString() {
        return "ProcessFunctionSettings[" + identity + ", " + code + ", variables " + variables.keySet() + ", " + limits
                + ", " + environments + (user == null ? "" : ", user " + user) + "]";
    }
}
