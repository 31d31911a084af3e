package io.posthorn.servers.rig;

import java.nio.file.Path;

/** Tomcat; the jar of the RAR and the API of JMS are in its folder for shared classes. */
final class Tomcat extends Catalina {

    private static final int HEAP_MEGABYTES = 256;

    Tomcat() {
        super(HEAP_MEGABYTES);
    }

    @Override
    void installProvider(Site site) {
        site.install("context.xml", "conf/context.xml");
        site.installJarOfRar("lib/posthorn.jar");
        Site.copy(Path.of(System.getProperty("servers.api")), site.home().resolve("lib/jms-api.jar"));
    }
}
