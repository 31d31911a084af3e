package io.posthorn.engine.transport.tls;

import io.netty.handler.ssl.SslHandler;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.url.ServerAddress;
import io.posthorn.engine.url.TlsOptions;
import io.posthorn.wire.frame.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Collections;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** TLS for the sockets of one transport, with the JDK's implementation. Immutable. */
public final class TlsLayer {

    private final SSLContext context;
    private final boolean verifyHost;

    private TlsLayer(SSLContext context, boolean verifyHost) {
        this.context = context;
        this.verifyHost = verifyHost;
    }

    /** Reads the files that the options name; one that cannot be used is an error with code SECURITY. */
    public static TlsLayer load(TlsOptions options) throws EngineException {
        TrustManager[] trust = trustManagers(options);
        KeyManager[] keys = keyManagers(options);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return new TlsLayer(context, options.verifyHost());
        } catch (GeneralSecurityException e) {
            throw new EngineException(ErrorCode.SECURITY, "TLS cannot be set up: " + e, e);
        }
    }

    /** A handler for one socket to this address. */
    public SslHandler handler(ServerAddress address) {
        SSLEngine engine = context.createSSLEngine(address.host(), address.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        // Empty, since null would leave it as it is.
        parameters.setEndpointIdentificationAlgorithm(verifyHost ? "HTTPS" : "");
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        // The link's deadline covers the handshake.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    private static TrustManager[] trustManagers(TlsOptions options) throws EngineException {
        KeyStore trusted = null;
        if (options.trustStore() != null) {
            trusted = store("trustStore", options.trustStore(), options.trustStorePassword());
        }
        try {
            if (options.trustCertificates() != null) {
                trusted = withCertificates(trusted, options.trustCertificates());
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return new TrustManager[] {new ExplainingTrust(extended)};
                }
            }
            return factory.getTrustManagers();
        } catch (GeneralSecurityException e) {
            throw new EngineException(ErrorCode.SECURITY, "the certificates to trust cannot be used: " + e, e);
        }
    }

    private static KeyManager[] keyManagers(TlsOptions options) throws EngineException {
        if (options.keyStore() == null) {
            return new KeyManager[0];
        }
        KeyStore store = store("keyStore", options.keyStore(), options.keyStorePassword());
        try {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, characters(options.keyStorePassword()));
            return factory.getKeyManagers();
        } catch (GeneralSecurityException e) {
            throw unusable("keyStore", options.keyStore(), e, "check keyStorePassword, which opens its key too");
        }
    }

    /** A store of whatever type the JDK recognises by its content. */
    private static KeyStore store(String option, String file, String password) throws EngineException {
        try {
            KeyStore store = KeyStore.getInstance(new File(file), characters(password));
            if (store.size() == 0) {
                throw unusable(option, file, null, "it is empty, or needs " + option + "Password to be read");
            }
            return store;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw unusable(
                    option, file, e, "expected a JKS or PKCS12 file that can be read, and its " + option + "Password");
        }
    }

    private static KeyStore withCertificates(KeyStore store, String file) throws EngineException {
        String expected = "expected a PEM file with certificates that can be read";
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw unusable("trustCertificates", file, null, expected);
            }
            KeyStore all = KeyStore.getInstance(KeyStore.getDefaultType());
            all.load(null, null);
            if (store != null) {
                for (String alias : Collections.list(store.aliases())) {
                    all.setCertificateEntry("store-" + alias, store.getCertificate(alias));
                }
            }
            for (Certificate certificate : certificates) {
                all.setCertificateEntry("file-" + all.size(), certificate);
            }
            return all;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw unusable("trustCertificates", file, e, expected);
        }
    }

    private static EngineException unusable(String option, String file, Exception cause, String expected) {
        return new EngineException(
                ErrorCode.SECURITY,
                "the file of option " + option + " cannot be used: " + file + (cause == null ? "" : " (" + cause + ")")
                        + "; " + expected,
                cause);
    }

    private static char[] characters(String password) {
        return password == null ? null : password.toCharArray();
    }
}
