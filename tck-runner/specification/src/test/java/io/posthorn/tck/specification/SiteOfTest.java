package io.posthorn.tck.specification;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test that asks for it a {@link Site} of its own, which is closed after the test. */
final class SiteOfTest implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(SiteOfTest.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Site.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        SharedServer server = context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(SharedServer.class, type -> start(), SharedServer.class);
        return context.getStore(NAMESPACE).getOrComputeIfAbsent(Site.class, type -> new Site(server), Site.class);
    }

    private static SharedServer start() {
        Awaitility.setDefaultTimeout(Duration.ofMillis(Site.WAIT_MS));
        try {
            return new SharedServer();
        } catch (IOException e) {
            throw new UncheckedIOException("No folder for the server", e);
        }
    }
}
