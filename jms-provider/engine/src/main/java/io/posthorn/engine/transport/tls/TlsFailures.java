package io.posthorn.engine.transport.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.url.ServerAddress;
import io.posthorn.wire.frame.ErrorCode;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Says why a TLS connection failed, and what can be done. */
public final class TlsFailures {

    private TlsFailures() {}

    /** Whether {@link #explain} has something to say. */
    public static boolean isTls(Throwable cause) {
        return find(cause, SSLException.class) != null;
    }

    /** The code is SECURITY, PROTOCOL or, when trying again may help, CONNECTION_LOST. */
    public static EngineException explain(ServerAddress address, Throwable cause) {
        CertificateException certificate = find(cause, CertificateException.class);
        if (certificate != null) {
            return new EngineException(ErrorCode.SECURITY, address + ": " + certificate.getMessage(), cause);
        }
        if (find(cause, NotSslRecordException.class) != null) {
            return new EngineException(
                    ErrorCode.PROTOCOL,
                    address + " does not speak TLS on that port: connect with tcp://, or name its port for TLS",
                    cause);
        }
        SSLException tls = find(cause, SSLException.class);
        String said = String.valueOf((tls == null ? cause : tls).getMessage());
        String reason = said.toLowerCase(Locale.ROOT);
        if (reason.contains("alert") && reason.contains("certificate")) {
            return new EngineException(
                    ErrorCode.SECURITY,
                    address + " wants a certificate of this client that it trusts (" + said
                            + "): name one with keyStore=FILE and keyStorePassword=...",
                    cause);
        }
        boolean brokeOff =
                reason.contains("closed") || reason.contains("terminated") || reason.contains("close_notify");
        if (brokeOff || !(tls instanceof SSLHandshakeException || reason.contains("alert"))) {
            return new EngineException(
                    ErrorCode.CONNECTION_LOST,
                    "TLS with " + address + " broke off (" + said
                            + "): if it does so each time, check that this port is for" + " TLS",
                    cause);
        }
        return new EngineException(
                ErrorCode.SECURITY,
                "TLS with " + address + " failed (" + said
                        + "): the two sides may have no TLS version or cipher in common",
                cause);
    }

    private static <T> T find(Throwable cause, Class<T> type) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return type.cast(each);
            }
        }
        return null;
    }
}
