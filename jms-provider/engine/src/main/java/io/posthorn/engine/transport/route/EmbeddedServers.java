package io.posthorn.engine.transport.route;

import io.posthorn.engine.EmbeddedServer;
import io.posthorn.engine.EngineException;
import io.posthorn.wire.frame.ErrorCode;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds who starts embedded servers. */
public final class EmbeddedServers {

    /** One instance per class, since the instance is what counts the uses of a name. */
    private static final ClassValue<EmbeddedServer> INSTANCES = new ClassValue<>() {
        @Override
        protected EmbeddedServer computeValue(Class<?> type) {
            try {
                return (EmbeddedServer) type.getConstructor().newInstance();
            } catch (ReflectiveOperationException e) {
                throw new ServiceConfigurationError(type + " cannot be made: " + e, e);
            }
        }
    };

    private EmbeddedServers() {}

    /** Looks with each of the class loaders in turn; a null stands for the system class loader. */
    public static EmbeddedServer find(ClassLoader... loaders) throws EngineException {
        try {
            for (ClassLoader loader : loaders) {
                Optional<? extends Class<?>> type = ServiceLoader.load(EmbeddedServer.class, loader).stream()
                        .map(ServiceLoader.Provider::type)
                        .findFirst();
                if (type.isPresent()) {
                    return INSTANCES.get(type.get());
                }
            }
        } catch (ServiceConfigurationError e) {
            throw new EngineException(
                    ErrorCode.INTERNAL,
                    "vm:// cannot be used: the embedded server on the classpath does not load: " + e.getMessage(),
                    e);
        }
        throw new EngineException(
                ErrorCode.INTERNAL,
                "vm:// needs an embedded server, and there is none on the classpath: add the dependency"
                        + " io.posthorn:posthorn-server, or connect with tcp:// to a server that runs");
    }
}
