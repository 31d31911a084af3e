package io.posthorn.engine.url;

/**
 * What a URL says about TLS. Files are looked at when a connection is opened.
 *
 * @param trustStore file (JKS or PKCS12) with the certificates to trust, or null
 * @param trustStorePassword or null
 * @param trustCertificates file (PEM) with certificates to trust, or null; without it and a trust store the JVM's hold
 * @param keyStore file (JKS or PKCS12) with the key and certificate that this client shows, or null
 * @param keyStorePassword or null
 * @param verifyHost whether the server's certificate must be for the host of the URL
 */
public record TlsOptions(
        String trustStore,
        String trustStorePassword,
        String trustCertificates,
        String keyStore,
        String keyStorePassword,
        boolean verifyHost) {

    /** Leaves out the passwords. */
    @Override
    public String toString() {
        return "TlsOptions[trustStore=" + trustStore + ", trustCertificates=" + trustCertificates + ", keyStore="
                + keyStore + ", verifyHost=" + verifyHost + "]";
    }
}
