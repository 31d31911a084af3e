package io.posthorn.servers.rig;

import java.nio.file.Path;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.container.LifecycleException;
import org.jboss.arquillian.container.spi.client.protocol.ProtocolDescription;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.arquillian.core.api.InstanceProducer;
import org.jboss.arquillian.core.api.annotation.ApplicationScoped;
import org.jboss.arquillian.core.api.annotation.Inject;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;

/** What Arquillian calls: starts the rig before the first test class, deploys for each, stops after the last. */
public final class ServerContainer implements DeployableContainer<Settings> {

    @Inject
    @ApplicationScoped
    private InstanceProducer<Rig> rig;

    private Settings settings;

    @Override
    public Class<Settings> getConfigurationClass() {
        return Settings.class;
    }

    @Override
    public void setup(Settings configuration) {
        settings = configuration;
    }

    @Override
    public void start() throws LifecycleException {
        Folders.delete(settings.home());
        rig.set(Rig.start(settings));
    }

    @Override
    public void stop() throws LifecycleException {
        rig.get().close();
    }

    @Override
    public ProtocolDescription getDefaultProtocol() {
        return ProtocolDescription.DEFAULT;
    }

    @Override
    public ProtocolMetaData deploy(Archive<?> archive) throws DeploymentException {
        Path file = settings.home().resolve("archives").resolve(archive.getName());
        Folders.create(file.getParent());
        archive.as(ZipExporter.class).exportTo(file.toFile(), true);
        try {
            rig.get().server().deploy(file);
        } catch (IllegalStateException e) {
            rig.get().server().withdraw(archive.getName());
            throw new DeploymentException("Cannot deploy " + archive.getName(), e);
        }
        return new ProtocolMetaData();
    }

    @Override
    public void undeploy(Archive<?> archive) throws DeploymentException {
        rig.get().server().undeploy(archive.getName());
    }
}
