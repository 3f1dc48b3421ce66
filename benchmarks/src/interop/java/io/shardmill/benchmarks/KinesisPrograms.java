package io.shardmill.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts parts of this program in processes of their own. */
record KinesisPrograms(List<String> program) {

    private static final String HEAP = "-Xmx1g";

    /** A jar is extracted first: libraries within a jar would slow down the start of both readers. */
    static KinesisPrograms of(Bench bench) throws IOException, InterruptedException {
        String classPath = System.getProperty("java.class.path");
        if (!classPath.endsWith("-kinesis.jar")) {
            return new KinesisPrograms(List.of("-cp", classPath, KinesisBenchmarks.class.getName()));
        }
        Path folder = bench.folder("program").resolve("extracted");
        Process extraction = new ProcessBuilder(
                        ChildJvm.executable(),
                        "-Djarmode=tools",
                        "-jar",
                        classPath,
                        "extract",
                        "--destination",
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (extraction.waitFor() != 0) {
            throw new IllegalStateException("Extracting " + classPath + " ends with " + extraction.exitValue());
        }
        Path jar = folder.resolve(Path.of(classPath).getFileName());
        return new KinesisPrograms(List.of("-jar", jar.toString()));
    }

    ReaderProcess reader(ReaderKind kind, Path data, Endpoints endpoints) throws IOException {
        List<String> part = new ArrayList<>(List.of(ReaderChild.PART, kind.name(), data.toString()));
        part.addAll(endpoints.words());
        return new ReaderProcess(new ChildJvm(List.of(HEAP), program, part));
    }

    LeaseTables leaseTables() throws IOException {
        return new LeaseTables(new ChildJvm(List.of(HEAP), program, List.of(LeaseTables.PART)));
    }
}
