package io.shardmill.spring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Keys with certificates that nobody but themselves has signed, made by the JDK's keytool, as PEM. */
final class TestCertificates {

    private static final String PASSWORD = "changeit";
    private static final String TYPE = "PKCS12";

    private final Path folder;

    /** @param folder that the files are written to */
    TestCertificates(Path folder) {
        this.folder = folder;
    }

    /** Makes a key for {@code localhost} for each owner. */
    void make(String... owners) throws IOException, InterruptedException, GeneralSecurityException {
        List<Process> tools = new ArrayList<>();
        for (String owner : owners) {
            tools.add(keytool(owner));
        }
        for (Process tool : tools) {
            if (tool.waitFor() != 0) {
                throw new IllegalStateException("keytool failed");
            }
        }
        for (String owner : owners) {
            export(owner);
        }
    }

    private Process keytool(String owner) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                owner,
                "-dname",
                "CN=" + owner,
                "-ext",
                "san=dns:localhost",
                "-storetype",
                TYPE,
                "-storepass",
                PASSWORD,
                "-keystore",
                folder.resolve(owner + ".p12").toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void export(String owner) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(TYPE);
        try (InputStream in = Files.newInputStream(folder.resolve(owner + ".p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        write(
                key(owner),
                "PRIVATE KEY",
                store.getKey(owner, PASSWORD.toCharArray()).getEncoded());
        write(certificate(owner), "CERTIFICATE", store.getCertificate(owner).getEncoded());
    }

    private static void write(Path file, String kind, byte[] content) throws IOException {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(
                file,
                "-----BEGIN " + kind + "-----\n" + lines + "\n-----END " + kind + "-----\n",
                StandardCharsets.US_ASCII);
    }

    Path key(String owner) {
        return folder.resolve(owner + ".key");
    }

    Path certificate(String owner) {
        return folder.resolve(owner + ".crt");
    }
}
