package io.posthorn.engine.transport.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts whom another trusts; a refusal says what the server showed and what can be done. */
final class ExplainingTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager judge;

    ExplainingTrust(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        try {
            judge.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw explained(chain, authType, e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge.checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge.checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        judge.checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        judge.checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        judge.checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }

    private CertificateException explained(X509Certificate[] chain, String authType, CertificateException refusal) {
        X509Certificate shown = chain[0];
        String who = "the server's certificate is for " + shown.getSubjectX500Principal() + names(shown);
        try {
            judge.checkServerTrusted(chain, authType);
        } catch (CertificateException untrusted) {
            return new CertificateException(
                    who + ", issued by " + shown.getIssuerX500Principal() + ", valid from "
                            + shown.getNotBefore().toInstant() + " to "
                            + shown.getNotAfter().toInstant() + ", and is not trusted (" + untrusted.getMessage()
                            + "): name the certificate or its issuer's with trustCertificates=FILE.pem or trustStore=FILE,"
                            + " or renew it when it has run out",
                    refusal);
        }
        return new CertificateException(
                who + ", and not for the host of the URL (" + refusal.getMessage()
                        + "): connect by a name that it has, or add verifyHost=false if you know why it differs",
                refusal);
    }

    /** The names and addresses that it is good for. */
    private static String names(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? ""
                    : names.stream()
                            .map(name -> String.valueOf(name.get(1)))
                            .collect(Collectors.joining(", ", " (", ")"));
        } catch (CertificateParsingException e) {
            return " (with names that cannot be read: " + e.getMessage() + ")";
        }
    }
}
