package io.shardmill.lambda.process;

/** The source of functions as users write them for Lambda's Java runtime. */
final class ExampleHandlers {

    private ExampleHandlers() {}

    static final String CLASS = "ex.Handlers";

    static final String SOURCE = """
            package ex;

            import com.amazonaws.services.lambda.runtime.*;
            import com.amazonaws.services.lambda.runtime.events.*;
            import com.amazonaws.services.lambda.runtime.logging.LogLevel;
            import com.fasterxml.jackson.annotation.JsonProperty;
            import java.io.*;
            import java.nio.file.*;
            import java.util.*;

            public class Handlers {

                static int count;

                public static class Multi implements RequestHandler<Map<String, Object>, Object> {
                    @Override
                    public Object handleRequest(Map<String, Object> input, Context context) {
                        count++;
                        switch (String.valueOf(input.get("do"))) {
                            case "pid": return ProcessHandle.current().pid();
                            case "big": return "x".repeat(7 * 1024 * 1024);
                            case "overflow": return overflow(0);
                            case "memory": return fill();
                            case "throw": throw new IllegalStateException("thrown \\u00e9");
                            case "exit": System.exit(7); return null;
                            case "count": return count;
                            case "heap": return Runtime.getRuntime().maxMemory() >> 20;
                            case "env": return new TreeMap<>(System.getenv());
                            case "properties": return Map.of("tmp", System.getProperty("java.io.tmpdir"),
                                    "cwd", System.getProperty("user.dir"),
                                    "charset", java.nio.charset.Charset.defaultCharset().name());
                            case "context": return context(context);
                            case "hang": return hang();
                            case "meet": return meet((String) input.get("folder"), (Integer) input.get("of"));
                            case "log": return log(context, (String) input.get("text"));
                            default: throw new IllegalArgumentException(String.valueOf(input));
                        }
                    }

                    static Object context(Context context) {
                        Map<String, Object> all = new TreeMap<>();
                        all.put("id", context.getAwsRequestId());
                        all.put("name", context.getFunctionName());
                        all.put("version", context.getFunctionVersion());
                        all.put("arn", context.getInvokedFunctionArn());
                        all.put("memory", context.getMemoryLimitInMB());
                        all.put("group", context.getLogGroupName());
                        all.put("remaining", context.getRemainingTimeInMillis());
                        all.put("identity", context.getIdentity().getIdentityId());
                        all.put("client", context.getClientContext().getCustom());
                        return all;
                    }

                    static int overflow(int depth) {
                        return overflow(depth + 1) + 1;
                    }

                    static Object fill() {
                        List<byte[]> all = new ArrayList<>();
                        while (true) {
                            all.add(new byte[1 << 20]);
                        }
                    }

                    static Object hang() {
                        try {
                            Files.writeString(Path.of(System.getProperty("java.io.tmpdir"), "kept"), "kept");
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                        while (true) {
                            Thread.onSpinWait();
                        }
                    }

                    /** Returns when so many are there. */
                    static Object meet(String folder, int of) {
                        try {
                            Files.createTempFile(Path.of(folder), "here", "");
                            while (new File(folder).list().length < of) {
                                Thread.sleep(10);
                            }
                            return ProcessHandle.current().pid();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }

                    static Object log(Context context, String text) {
                        System.out.println("printed");
                        System.err.println("error printed");
                        LambdaLogger logger = context.getLogger();
                        logger.log("debugged\\n", LogLevel.DEBUG);
                        logger.log("warned\\n", LogLevel.WARN);
                        logger.log("logged " + text);
                        return null;
                    }
                }

                public static class Broken implements RequestHandler<Object, Object> {
                    public Broken() {
                        System.out.println("constructed");
                        throw new IllegalArgumentException("ctor boom");
                    }

                    @Override
                    public Object handleRequest(Object input, Context context) {
                        return null;
                    }
                }

                public static class Kinesis implements RequestHandler<KinesisEvent, StreamsEventResponse> {
                    @Override
                    public StreamsEventResponse handleRequest(KinesisEvent event, Context context) {
                        List<StreamsEventResponse.BatchItemFailure> failures = new ArrayList<>();
                        for (KinesisEvent.KinesisEventRecord record : event.getRecords()) {
                            KinesisEvent.Record kinesis = record.getKinesis();
                            failures.add(new StreamsEventResponse.BatchItemFailure(kinesis.getSequenceNumber() + "|"
                                    + new String(kinesis.getData().array()) + "|"
                                    + kinesis.getApproximateArrivalTimestamp().getTime()));
                        }
                        return new StreamsEventResponse(failures);
                    }
                }

                public static class Shapes {
                    public String twice(String text) { return "short " + text; }
                    public String twice(String text, Context context) { return "long " + text; }
                    public static String still(String text) { return "static " + text; }
                    public void nothing() {}
                    public void stream(InputStream in, OutputStream out) throws IOException {
                        out.write(("<" + new String(in.readAllBytes()) + ">").getBytes());
                    }
                    public Named named(Named named) { return named; }
                }

                public static class Named {
                    private String plain;
                    @JsonProperty("renamed")
                    public String getPlain() { return plain; }
                    public void setPlain(String plain) { this.plain = plain; }
                }
            }
            """;
}
