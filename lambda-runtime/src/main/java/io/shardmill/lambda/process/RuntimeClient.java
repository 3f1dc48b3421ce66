package io.shardmill.lambda.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * AWS's own Java client of the Runtime API, unpacked from this jar so that child processes can use it. Its native library
 * is unpacked too: left to itself, each child would write it to one and the same file under {@code /tmp}, and die
 * of SIGBUS when another does so at the same time.
 */
record RuntimeClient(List<Path> jars, Path nativeLibrary) {

    static final String MAIN_CLASS = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    static final String NATIVE_LIBRARY_PROPERTY =
            "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

    private static final String CLIENT = "aws-lambda-java-runtime-interface-client.jar";
    private static final List<String> JARS = List.of(
            CLIENT,
            "aws-lambda-java-core.jar",
            "aws-lambda-java-serialization.jar",
            "utils-lite.jar",
            "annotations.jar");

    /** Unpacks the client into a folder that is not in use. */
    static RuntimeClient unpack(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String jar : JARS) {
            try (InputStream packed = RuntimeClient.class.getResourceAsStream("client/" + jar)) {
                if (packed == null) {
                    throw new IOException("this build of Shardmill lacks the resource client/" + jar);
                }
                Files.copy(packed, folder.resolve(jar), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path library = folder.resolve("libaws-lambda-jni.so");
        try (ZipFile client = new ZipFile(folder.resolve(CLIENT).toFile())) {
            String name = "jni/libaws-lambda-jni." + platform() + ".so";
            ZipEntry entry = client.getEntry(name);
            if (entry == null) {
                throw new IOException("AWS's Java client has no native library " + name
                        + ": Java functions in processes of their own need Linux on x86-64 or aarch64");
            }
            try (InputStream packed = client.getInputStream(entry)) {
                Files.copy(packed, library, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.setPosixFilePermissions(
                        file, PosixFilePermissions.fromString("rw-r--r--")); // for functions' own users
            }
        }
        return new RuntimeClient(JARS.stream().map(folder::resolve).toList(), library);
    }

    private static String platform() throws IOException {
        String architecture = System.getProperty("os.arch", "").equals("aarch64") ? "aarch_64" : "x86_64";
        try (var loaders = Files.newDirectoryStream(Path.of("/lib"), "ld-musl-*")) {
            return (loaders.iterator().hasNext() ? "linux_musl-" : "linux-") + architecture;
        }
    }
}
