package io.posthorn.examples.benchmark.provider;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * ActiveMQ Artemis as its command line would set it up: the journal on native asynchronous I/O, its write buffer's timeout fitted to the
 * disk, paging, no security.
 *
 * @param directDeliver whether the acceptor's thread delivers to consumers by itself, Artemis' default
 */
public record Artemis(boolean directDeliver) implements Provider {
    private static final String LIBRARY = "libartemis-native-64.so";
    private static final String LIBRARY_IN_JAR = "lib/linux-x86_64/" + LIBRARY;

    /** As in its distribution: otherwise it writes a line for each message that is sent or acknowledged. */
    private static final String AUDIT_OFF = "-Dorg.slf4j.simpleLogger.log.org.apache.activemq.audit=off";

    @Override
    public String name() {
        return directDeliver ? "artemis" : "artemis-queued";
    }

    @Override
    public String jars() {
        return "artemis";
    }

    @Override
    public List<String> serverArguments(Site site) throws IOException {
        Path etc = Files.createDirectories(site.folder().resolve("etc"));
        Files.writeString(etc.resolve("broker.xml"), configuration(site));
        extractLibrary(Site.find(site.jars(this), "activemq-artemis-native-", ".jar"), site.folder());
        return List.of(
                "-Djava.library.path=" + site.folder(),
                AUDIT_OFF,
                "-cp",
                site.classPath(this),
                "org.apache.activemq.artemis.core.server.embedded.Main",
                site.folder().toString());
    }

    private static void extractLibrary(Path jar, Path folder) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.getEntry(LIBRARY_IN_JAR);
            try (InputStream library = zip.getInputStream(entry)) {
                Files.copy(library, folder.resolve(LIBRARY), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private String configuration(Site site) {
        return """
                <configuration xmlns="urn:activemq">
                  <core xmlns="urn:activemq:core">
                    <name>benchmark</name>
                    <persistence-enabled>true</persistence-enabled>
                    <security-enabled>false</security-enabled>
                    <journal-type>ASYNCIO</journal-type>
                    <journal-directory>%1$s/data/journal</journal-directory>
                    <bindings-directory>%1$s/data/bindings</bindings-directory>
                    <large-messages-directory>%1$s/data/large</large-messages-directory>
                    <paging-directory>%1$s/data/paging</paging-directory>
                    <journal-datasync>true</journal-datasync>
                    <journal-min-files>10</journal-min-files>
                    <journal-pool-files>10</journal-pool-files>
                    <journal-device-block-size>4096</journal-device-block-size>
                    <journal-file-size>10M</journal-file-size>
                    <journal-buffer-timeout>%2$d</journal-buffer-timeout>
                    <journal-max-io>4096</journal-max-io>
                    <max-disk-usage>100</max-disk-usage>
                    <acceptors>
                      <acceptor name="artemis">tcp://127.0.0.1:%3$d?protocols=CORE;useEpoll=true;tcpSendBufferSize=1048576;\
                tcpReceiveBufferSize=1048576;directDeliver=%4$s</acceptor>
                    </acceptors>
                    <address-settings>
                      <address-setting match="#">
                        <max-size-bytes>-1</max-size-bytes>
                        <address-full-policy>PAGE</address-full-policy>
                        <auto-create-queues>true</auto-create-queues>
                        <auto-create-addresses>true</auto-create-addresses>
                        <auto-delete-queues>false</auto-delete-queues>
                        <auto-delete-addresses>false</auto-delete-addresses>
                      </address-setting>
                    </address-settings>
                  </core>
                </configuration>
                """.formatted(site.folder(), site.blockSyncNs(), site.port(), directDeliver);
    }

    @Override
    public Map<String, String> jndi(int port) {
        String url = "tcp://127.0.0.1:" + port + "?confirmationWindowSize=10485760";
        return Map.of(
                "java.naming.factory.initial",
                "org.apache.activemq.artemis.jndi.ActiveMQInitialContextFactory",
                "connectionFactory.ConnectionFactory",
                url,
                "connectionFactory.XAConnectionFactory",
                url + "&type=XA_CF");
    }

    @Override
    public Optional<Expectation> expectation() {
        return Optional.of(new Expectation(
                "Using AIO Journal", "install libaio (Debian: apt-get install libaio1), or Artemis writes with NIO"));
    }
}
