package io.shardmill.lambda.injvm;

import io.shardmill.lambda.FunctionRevision;
import io.shardmill.runtime.Answer;
import io.shardmill.runtime.arn.AwsScope;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;

/**
 * The function as its {@code Context} shows it (runtime API notes 2 and 4.5).
 *
 * @param arn as it is invoked: unqualified
 * @param version {@code $LATEST} or a published version's number
 * @param memoryLimitMegabytes as the context shows it; not enforced in this JVM
 * @param logStream a name of Lambda's form; the lines go to the application's log
 */
public record FunctionIdentity(String name, String arn, String version, int memoryLimitMegabytes, String logStream) {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu/MM/dd");
    private static final long MEGABYTE = 1024 * 1024;

    /** Returns the identity of a function of the application's own, with all of this JVM's heap. */
    public static FunctionIdentity of(String name, AwsScope scope) {
        int megabytes = (int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / MEGABYTE);
        return new FunctionIdentity(name, scope.functionArn(name), Answer.LATEST, megabytes, logStream(Answer.LATEST));
    }

    static FunctionIdentity of(FunctionRevision revision) {
        return new FunctionIdentity(
                revision.name(),
                revision.arn(),
                revision.version(),
                revision.configuration().memoryMegabytes(),
                logStream(revision.version()));
    }

    private static String logStream(String version) {
        return DAY.format(LocalDate.now(ZoneOffset.UTC)) + "/[" + version + "]"
                + UUID.randomUUID().toString().replace("-", "");
    }

    String logGroup() {
        return "/aws/lambda/" + name;
    }
}
