package io.shardmill.lambda.process;

import io.shardmill.lambda.LambdaRuntime.Family;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/** Our own clients of the Runtime API, one a language, which load a function's code and run it. */
final class ClientScripts {

    private static final Map<Family, String> FILES =
            Map.of(Family.PYTHON, "runtime_client.py", Family.NODEJS, "runtime-client.mjs");

    private ClientScripts() {}

    /** Unpacks a language's client into a folder whose users may read it, and returns the file. */
    static Path unpack(Family family, Path folder) throws IOException {
        String name = String.valueOf(FILES.get(family));
        Path file = folder.resolve(name);
        Files.createDirectories(folder);
        try (InputStream packed = ClientScripts.class.getResourceAsStream("client/" + name)) {
            if (packed == null) {
                throw new IOException("this build of Shardmill lacks the resource client/" + name);
            }
            Files.copy(packed, file, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--")); // for functions' own users
        return file;
    }
}
