package io.posthorn.servers;

import io.posthorn.servers.rig.Rig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.ArchivePaths;
import org.jboss.shrinkwrap.api.Filters;
import org.jboss.shrinkwrap.api.GenericArchive;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.ByteArrayAsset;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.importer.ExplodedImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** The applications as WARs, of the classes for jakarta or for javax, whichever the profile names. */
public final class Applications {

    static final String APPLICATION = "application.war";
    static final String DEFINITIONS = "definitions.war";
    static final String FAULTY = "faulty.war";
    static final String FOREIGN = "foreign.war";
    static final String DEFINING = "defining.war";
    static final String GENERIC = "generic.war";
    static final String PLAIN = "plain.war";

    /** What servers need to be told beside the annotations. */
    private static final Path DESCRIPTORS = Path.of("src/test/descriptors/application");

    private static final Path FOREIGN_DESCRIPTORS = Path.of("src/test/descriptors/foreign");

    /** Stands in the annotation of the definitions. */
    private static final String URL_IN_CLASS = "url=tcp://127.0.0.1:17660";

    /** Stands in the annotation of the bean with a wrong password. */
    private static final String WATCHED_URL_IN_CLASS = "tcp://127.0.0.1:17661";

    private static final String SERVLET_WITH_URL = "io/posthorn/servers/definitions/DefinitionsServlet.class";

    private Applications() {}

    /** With names of factories in {@code @JMSConnectionFactory} that this server understands. */
    static Archive<?> application() {
        WebArchive archive = archive(APPLICATION, "application");
        archive.merge(folder(DESCRIPTORS), "/WEB-INF");
        for (String name : List.of("Courier", "Load", "Orders", "Transfer")) {
            rewrite(archive, "io/posthorn/servers/application/" + name + ".class", Rig.annotationTexts());
        }
        return archive;
    }

    /** The one for the generic adapter, with the descriptor that the guide shows. */
    public static Archive<?> generic() {
        return archive(GENERIC, "generic")
                .merge(folder(DESCRIPTORS), "/WEB-INF")
                .merge(folder(Path.of(System.getProperty("servers.configuration"), "WEB-INF")), "/WEB-INF");
    }

    /** Beans that cannot reach a broker, and one that can. */
    static Archive<?> faulty() {
        WebArchive archive = archive(FAULTY, "faulty");
        String url = "tcp://127.0.0.1:" + Integer.getInteger(Rig.WATCHED_PORT_PROPERTY);
        rewrite(archive, "io/posthorn/servers/faulty/Refused.class", Map.of(WATCHED_URL_IN_CLASS, url));
        return archive;
    }

    /** A bean whose annotation is wrong: {@code text} stands there in place of {@code right}, or of what that is in Java EE 8. */
    static Archive<?> misconfigured(String name, String right, String text) {
        WebArchive archive = archive(name, "misconfigured");
        Map<String, String> texts = new HashMap<>(Map.of(right, text));
        texts.put(right.replace("jakarta.", "javax."), text);
        if (!rewrite(archive, "io/posthorn/servers/misconfigured/Picky.class", texts)) {
            throw new IllegalArgumentException(right + " does not stand in the bean");
        }
        return archive;
    }

    /** The one with two factories of another provider. */
    public static Archive<?> foreign() {
        return archive(FOREIGN, "foreign").merge(folder(FOREIGN_DESCRIPTORS), "/WEB-INF");
    }

    /** The one that defines a factory of another provider. */
    public static Archive<?> defining() {
        return archive(DEFINING, "defining").merge(folder(FOREIGN_DESCRIPTORS), "/WEB-INF");
    }

    /** The one for servlet containers. */
    public static Archive<?> plain() {
        return archive(PLAIN, "plain");
    }

    /** With the port of the broker in the annotations, which have to be constants. */
    static Archive<?> definitions() {
        int port = Integer.getInteger(Rig.PORT_PROPERTY);
        WebArchive archive = archive(DEFINITIONS, "definitions");
        // WildFly starts the adapter once more for the definitions, and looks for its classes from the application.
        archive.setManifest(new StringAsset("Manifest-Version: 1.0\nDependencies: deployment.posthorn.rar\n"));
        Map<String, String> texts = new HashMap<>(Rig.annotationTexts());
        texts.put(URL_IN_CLASS, "url=tcp://127.0.0.1:" + port);
        rewrite(archive, SERVLET_WITH_URL, texts);
        return archive;
    }

    /** Whether any of the texts stands there. */
    private static boolean rewrite(WebArchive archive, String file, Map<String, String> texts) {
        try {
            byte[] original = Files.readAllBytes(classes().resolve(file));
            byte[] code = original;
            for (Map.Entry<String, String> text : texts.entrySet()) {
                code = ClassTexts.replace(code, text.getKey(), text.getValue());
            }
            archive.delete(ArchivePaths.create("/WEB-INF/classes/" + file));
            archive.add(new ByteArrayAsset(code), "/WEB-INF/classes/" + file);
            return !Arrays.equals(code, original);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static WebArchive archive(String name, String folder) {
        GenericArchive classes = ShrinkWrap.create(GenericArchive.class)
                .as(ExplodedImporter.class)
                .importDirectory(classes().toFile())
                .as(GenericArchive.class);
        return ShrinkWrap.create(WebArchive.class, name)
                .merge(classes, "/WEB-INF/classes", Filters.include(".*/io/posthorn/servers/" + folder + "/.*"));
    }

    private static GenericArchive folder(Path folder) {
        return ShrinkWrap.create(GenericArchive.class)
                .as(ExplodedImporter.class)
                .importDirectory(folder.toFile())
                .as(GenericArchive.class);
    }

    private static Path classes() {
        return Path.of(System.getProperty("servers.application"));
    }
}
