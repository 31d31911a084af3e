package io.posthorn.servers.rig;

import java.lang.annotation.Annotation;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.core.api.Instance;
import org.jboss.arquillian.core.api.annotation.Inject;
import org.jboss.arquillian.core.spi.LoadableExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.arquillian.test.spi.enricher.resource.ResourceProvider;

/** Tells Arquillian of the container, and how a test gets its {@link Rig}. */
public final class ServersExtension implements LoadableExtension {

    @Override
    public void register(ExtensionBuilder builder) {
        builder.service(DeployableContainer.class, ServerContainer.class)
                .service(ResourceProvider.class, RigProvider.class);
    }

    /** Gives the rig to fields with {@code @ArquillianResource}. */
    public static final class RigProvider implements ResourceProvider {

        @Inject
        private Instance<Rig> rig;

        @Override
        public boolean canProvide(Class<?> type) {
            return type == Rig.class;
        }

        @Override
        public Object lookup(ArquillianResource resource, Annotation... qualifiers) {
            return rig.get();
        }
    }
}
