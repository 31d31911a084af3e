package io.posthorn.gateway.tls;

import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where certificate and key come from: either a PEM chain and a PEM key (PKCS#8, not encrypted), or a PKCS#12 key store.
 * Parts that are not used are null.
 *
 * @param certificate PEM file, the server's certificate first, then the chain
 * @param key PEM file with the private key
 * @param keystore PKCS#12 file with certificate and key
 * @param keystorePassword password of the key store and of its key
 * @param trusted PEM file with the certificates that may sign those of clients; needed when clients are asked for one
 * @param clientAuth whether clients are asked for a certificate
 */
public record TlsSettings(
        Path certificate, Path key, Path keystore, String keystorePassword, Path trusted, ClientAuth clientAuth) {

    public TlsSettings {
        Objects.requireNonNull(clientAuth, "clientAuth");
        boolean pem = certificate != null && key != null && keystore == null;
        boolean store = keystore != null && certificate == null && key == null;
        if (!pem && !store) {
            throw new IllegalArgumentException(
                    "TLS needs either tls.certificate and tls.key (PEM), or tls.keystore (PKCS#12), and not both");
        }
        if (clientAuth != ClientAuth.NONE && trusted == null) {
            throw new IllegalArgumentException(
                    "tls.client-auth needs tls.trusted, the PEM file of the authorities that sign clients' certificates");
        }
    }

    public static TlsSettings pem(Path certificate, Path key) {
        return new TlsSettings(certificate, key, null, null, null, ClientAuth.NONE);
    }

    public static TlsSettings keystore(Path keystore, String password) {
        return new TlsSettings(null, null, keystore, password, null, ClientAuth.NONE);
    }

    /** The files that these settings name. */
    Stream<Path> files() {
        return Stream.of(certificate, key, keystore, trusted).filter(Objects::nonNull);
    }

    @Override
    public String toString() {
        return "TlsSettings[certificate=" + certificate + ", key=" + key + ", keystore=" + keystore + ", trusted="
                + trusted + ", clientAuth=" + clientAuth + "]";
    }

    /** Whether clients show a certificate of their own. */
    public enum ClientAuth {
        /** They are not asked. */
        NONE,
        /** They are asked, and may have none. */
        WANT,
        /** They must have one. */
        NEED
    }
}
