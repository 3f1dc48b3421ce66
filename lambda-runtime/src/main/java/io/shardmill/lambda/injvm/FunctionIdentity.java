package io.shardmill.lambda.injvm;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/**
 * What a function's {@code Context} says of it (runtime API notes 2 and 4.5).
 *
 * @param arn as it is invoked: unqualified
 * @param version {@code $LATEST} or a published version's number
 * @param memoryLimitMegabytes what the function is told; nothing enforces it in this JVM
 * @param logStream a name of Lambda's form; the lines go to the application's log
 */
public record FunctionIdentity(String name, String arn, String version, int memoryLimitMegabytes, String logStream) {

    private static final String LATEST = "$LATEST";

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu/MM/dd");
    private static final long MEGABYTE = 1024 * 1024;

    /** A function in the region and account of embedded streams, with all of this JVM's heap. */
    public static FunctionIdentity of(String name) {
        return new FunctionIdentity(
                name,
                "arn:aws:lambda:us-east-1:000000000000:function:" + name,
                LATEST,
                (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / MEGABYTE),
                logStream(LATEST));
    }

    private static String logStream(String version) {
        return DAY.format(LocalDate.now(ZoneOffset.UTC)) + "/[" + version + "]"
                + UUID.randomUUID().toString().replace("-", "");
    }

    /** As a published version of it. */
    public FunctionIdentity withVersion(String newVersion) {
        return new FunctionIdentity(name, arn, newVersion, memoryLimitMegabytes, logStream(newVersion));
    }

    /** With another limit to tell. */
    public FunctionIdentity withMemoryLimit(int megabytes) {
        return new FunctionIdentity(name, arn, version, megabytes, logStream);
    }

    String logGroup() {
        return "/aws/lambda/" + name;
    }
}
