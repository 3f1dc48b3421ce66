package io.shardmill.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for loopback that has signed itself.
 *
 * @param keyStore PKCS #12, with the key
 * @param pem what a client has to trust
 */
record Certificate(Path keyStore, Path pem) {

    static final String PASSWORD = "not a secret";

    static Certificate in(Path folder) throws IOException, InterruptedException {
        Certificate made = new Certificate(folder.resolve("server.p12"), folder.resolve("server.pem"));
        made.keytool(
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "RSA",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=ip:127.0.0.1,dns:localhost",
                "-ext",
                "BC=ca:true");
        made.keytool("-exportcert", "-alias", "server", "-rfc", "-file", made.pem.toString());
        return made;
    }

    /** Of a client that trusts it and nothing else. */
    TrustManager[] trust() {
        try {
            KeyStore trusted = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray());
            KeyStore certificates = KeyStore.getInstance(KeyStore.getDefaultType());
            certificates.load(null, null);
            certificates.setCertificateEntry("server", trusted.getCertificate("server"));
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(certificates);
            return factory.getTrustManagers();
        } catch (IOException | GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", keyStore.toString(), "-storepass", PASSWORD));
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("keytool ends with " + status);
        }
    }
}
