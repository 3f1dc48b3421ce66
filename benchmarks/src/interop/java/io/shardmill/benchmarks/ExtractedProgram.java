package io.shardmill.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** This program as its children run it. */
final class ExtractedProgram {

    private ExtractedProgram() {}

    /**
     * Returns the class path and the main class. A jar is extracted first: libraries within a jar would slow down every start.
     *
     * @param main what to run
     */
    static List<String> of(Bench bench, Class<?> main) throws IOException, InterruptedException {
        String classPath = System.getProperty("java.class.path");
        if (!classPath.endsWith("-kinesis.jar")) {
            return List.of("-cp", classPath, main.getName());
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
        return List.of("-cp", jar.toString(), main.getName());
    }
}
