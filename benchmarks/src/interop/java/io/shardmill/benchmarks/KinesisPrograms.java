package io.shardmill.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts parts of this program in processes of their own. */
record KinesisPrograms(List<String> program) {

    private static final String HEAP = "-Xmx1g";

    static KinesisPrograms of(Bench bench) throws IOException, InterruptedException {
        return new KinesisPrograms(ExtractedProgram.of(bench, KinesisBenchmarks.class));
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
