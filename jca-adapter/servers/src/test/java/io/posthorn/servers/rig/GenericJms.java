package io.posthorn.servers.rig;

import java.nio.file.Path;
import java.util.Map;

/** WildFly without our adapter: its own generic one, with the jar of our RAR as the module of its provider. */
final class GenericJms extends WildFly {

    private static final String MODULE = "modules/org/jboss/genericjms/provider/main";

    @Override
    public void configure(Site site, Path log) {
        site.install("module.xml", MODULE + "/module.xml");
        site.installJarOfRar(MODULE + "/posthorn-ra.jar");
        configureByScript(site, log, environment(site));
    }

    @Override
    public Map<String, String> environment(Site site) {
        return Map.of(
                "JBOSS_MODULEPATH",
                site.distribution().resolve("modules") + ":" + site.home().resolve("modules"));
    }
}
