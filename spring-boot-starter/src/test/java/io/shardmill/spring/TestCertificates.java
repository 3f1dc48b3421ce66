package io.shardmill.spring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

/** Keys with certificates that nobody but themselves has signed, made by the JDK's keytool. */
final class TestCertificates {

    static final String PASSWORD = "changeit";

    private static final String TYPE = "PKCS12";

    private final Path folder;

    /** @param folder that the stores are written to */
    TestCertificates(Path folder) {
        this.folder = folder;
    }

    /** Makes a key for {@code localhost} each, at once, in a store named after its owner. */
    void make(String... owners) throws IOException, InterruptedException {
        List<Process> tools = new ArrayList<>();
        for (String owner : owners) {
            tools.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
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
                            keys(owner).toString())
                    .inheritIO()
                    .start());
        }
        for (Process tool : tools) {
            if (tool.waitFor() != 0) {
                throw new IllegalStateException("keytool failed");
            }
        }
    }

    /** Returns the store with an owner's key. */
    Path keys(String owner) {
        return folder.resolve(owner + ".p12");
    }

    /** Returns a store with an owner's certificate, for those who trust it. */
    Path trust(String owner) {
        Path store = folder.resolve("trust-" + owner + ".p12");
        try (InputStream in = Files.newInputStream(keys(owner));
                OutputStream out = Files.newOutputStream(store)) {
            KeyStore keys = KeyStore.getInstance(TYPE);
            keys.load(in, PASSWORD.toCharArray());
            KeyStore trusted = KeyStore.getInstance(TYPE);
            trusted.load(null, null);
            trusted.setCertificateEntry(owner, keys.getCertificate(owner));
            trusted.store(out, PASSWORD.toCharArray());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
        return store;
    }
}
