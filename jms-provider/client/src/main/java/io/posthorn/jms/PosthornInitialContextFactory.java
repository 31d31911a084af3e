package io.posthorn.jms;

import io.posthorn.jms.jndi.PosthornContext;
import java.util.Hashtable;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.spi.InitialContextFactory;

/**
 * The JNDI provider of Posthorn: name this class as {@code java.naming.factory.initial}. Its objects come from the JNDI environment
 * ({@code jndi.properties} on the class path, or the table given to {@code new InitialContext}) and reach no server. The names that it
 * reads are listed at {@link PosthornContext}. A wrong entry is a {@link javax.naming.ConfigurationException} that names its key.
 */
public final class PosthornInitialContextFactory implements InitialContextFactory {

    @Override
    public Context getInitialContext(Hashtable<?, ?> environment) throws NamingException {
        return PosthornContext.of(environment == null ? new Hashtable<>() : environment);
    }
}
