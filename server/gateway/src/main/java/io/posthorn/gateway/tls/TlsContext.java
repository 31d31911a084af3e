package io.posthorn.gateway.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.KeyManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate that new connections are shown. When the files change it is read again; connections that stand keep
 * what they have, and files that cannot be used (half-written ones, say) change nothing but a log line.
 *
 * <p>{@link #newHandler} may be called by any thread, {@link #reloadIfChanged} by one at a time.
 */
public final class TlsContext {

    private static final Logger LOG = LoggerFactory.getLogger(TlsContext.class);

    private final TlsSettings settings;
    private List<String> stamps;
    private volatile SslContext context;

    private TlsContext(TlsSettings settings, List<String> stamps, SslContext context) {
        this.settings = settings;
        this.stamps = stamps;
        this.context = context;
    }

    /** Reads the files. */
    public static TlsContext open(TlsSettings settings) throws TlsException {
        // Stamps first: files that change while they are read are then read again.
        List<String> stamps = stamps(settings);
        return new TlsContext(settings, stamps, load(settings));
    }

    /** The handler for one new connection; {@code slow} does the key exchange's arithmetic. */
    public SslHandler newHandler(ByteBufAllocator allocator, Executor slow) {
        return context.newHandler(allocator, slow);
    }

    /** Reads the files again when they are not what they were. */
    public void reloadIfChanged() {
        List<String> now = stamps(settings);
        if (now.equals(stamps)) {
            return;
        }
        stamps = now;
        try {
            context = load(settings);
        } catch (TlsException e) {
            LOG.warn("Keeping the old certificate: {}", e.getMessage());
        }
    }

    private static SslContext load(TlsSettings settings) throws TlsException {
        SslContextBuilder builder = settings.keystore() == null ? pem(settings) : keystore(settings);
        builder.sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2");
        try {
            if (settings.clientAuth() != TlsSettings.ClientAuth.NONE) {
                builder.trustManager(settings.trusted().toFile());
                builder.clientAuth(
                        settings.clientAuth() == TlsSettings.ClientAuth.NEED
                                ? io.netty.handler.ssl.ClientAuth.REQUIRE
                                : io.netty.handler.ssl.ClientAuth.OPTIONAL);
            }
            return builder.build();
        } catch (IOException | IllegalArgumentException e) {
            throw new TlsException(
                    "the files of tls.trusted or of the certificate cannot be used together: " + reason(e), e);
        }
    }

    private static SslContextBuilder pem(TlsSettings settings) throws TlsException {
        Path file = settings.certificate();
        try (InputStream in = Files.newInputStream(file)) {
            CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .findFirst()
                    .ifPresent(TlsContext::announce);
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsException("tls.certificate " + file + " cannot be read as PEM certificates: " + reason(e), e);
        }
        try {
            return SslContextBuilder.forServer(file.toFile(), settings.key().toFile());
        } catch (IllegalArgumentException e) {
            throw new TlsException(
                    "tls.key " + settings.key() + " is not a usable private key for " + file + ": " + reason(e)
                            + ". It must be PKCS#8 and not encrypted; convert it with: openssl pkcs8 -topk8 -nocrypt -in "
                            + settings.key() + " -out new.key",
                    e);
        }
    }

    private static SslContextBuilder keystore(TlsSettings settings) throws TlsException {
        char[] password = settings.keystorePassword() == null
                ? new char[0]
                : settings.keystorePassword().toCharArray();
        try (InputStream in = Files.newInputStream(settings.keystore())) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            announceFirst(store, settings);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            return SslContextBuilder.forServer(keys);
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsException(
                    "tls.keystore " + settings.keystore() + " cannot be used: " + reason(e)
                            + ". It must be a PKCS#12 file, and tls.keystore-password its password",
                    e);
        } finally {
            Arrays.fill(password, ' ');
        }
    }

    private static void announceFirst(KeyStore store, TlsSettings settings) throws GeneralSecurityException {
        for (String alias : java.util.Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                announce(store.getCertificate(alias));
                return;
            }
        }
        throw new GeneralSecurityException("no private key in " + settings.keystore());
    }

    private static void announce(Certificate certificate) {
        if (certificate instanceof X509Certificate x509) {
            LOG.info(
                    "TLS is on with the certificate of {}, valid until {}",
                    x509.getSubjectX500Principal().getName(),
                    x509.getNotAfter().toInstant());
        }
    }

    private static List<String> stamps(TlsSettings settings) {
        return settings.files().map(TlsContext::stamp).toList();
    }

    private static String stamp(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (IOException e) {
            return "unreadable: " + e.getClass().getName();
        }
    }

    /** The innermost text: the outer ones only say that something failed. */
    private static String reason(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null && last.getCause() != last) {
            last = last.getCause();
        }
        String name = last.getClass().getSimpleName();
        return last.getMessage() == null ? name : name + ": " + last.getMessage();
    }
}
