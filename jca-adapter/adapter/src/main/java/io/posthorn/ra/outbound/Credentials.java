package io.posthorn.ra.outbound;

import io.posthorn.ra.handle.ConnectionRequest;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.SecurityException;
import jakarta.resource.spi.security.PasswordCredential;
import java.util.Set;
import javax.security.auth.Subject;

/** Reads what the container says about who is to be logged in (Connectors 2.1 section 9.1.8.2). */
final class Credentials {

    private Credentials() {}

    /** User and password for this factory; null when there is no subject. */
    static ConnectionRequest in(Subject subject, ManagedConnectionFactory factory) throws SecurityException {
        if (subject == null) {
            return null;
        }
        Set<PasswordCredential> all = subject.getPrivateCredentials(PasswordCredential.class);
        for (PasswordCredential credential : all) {
            if (credential.getManagedConnectionFactory() == null
                    || factory.equals(credential.getManagedConnectionFactory())) {
                return new ConnectionRequest(credential.getUserName(), String.valueOf(credential.getPassword()));
            }
        }
        if (all.isEmpty()) {
            return null;
        }
        throw new SecurityException("the container's subject has user and password for other factories only, not for "
                + factory + "; configure its authentication alias for this one");
    }
}
