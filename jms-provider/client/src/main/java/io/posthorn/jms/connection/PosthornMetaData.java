package io.posthorn.jms.connection;

import jakarta.jms.ConnectionMetaData;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Properties;

/**
 * What the connection says about itself (section 6.1.5.4). Immutable. The versions stand in a file beside this class, since the
 * client for {@code javax.jms} has the same class and another file.
 */
final class PosthornMetaData implements ConnectionMetaData {

    private static final String FILE = "about.properties";

    private final String specification;
    private final String version;

    PosthornMetaData() {
        Properties about = read();
        specification = about.getProperty("jms.version");
        version = about.getProperty("provider.version");
    }

    @Override
    public String getJMSVersion() {
        return specification;
    }

    @Override
    public int getJMSMajorVersion() {
        return part(specification, 0);
    }

    @Override
    public int getJMSMinorVersion() {
        return part(specification, 1);
    }

    @Override
    public String getJMSProviderName() {
        return "Posthorn";
    }

    @Override
    public String getProviderVersion() {
        return version;
    }

    @Override
    public int getProviderMajorVersion() {
        return part(version, 0);
    }

    @Override
    public int getProviderMinorVersion() {
        return part(version, 1);
    }

    @Override
    public Enumeration<String> getJMSXPropertyNames() {
        return Collections.enumeration(List.of("JMSXGroupID", "JMSXGroupSeq", "JMSXDeliveryCount"));
    }

    /** The n-th number of a version, 0 where there is none. */
    private static int part(String version, int index) {
        String[] parts = version.split("[^0-9]+", -1);
        return index < parts.length && !parts[index].isEmpty() ? Integer.parseInt(parts[index]) : 0;
    }

    private static Properties read() {
        try (InputStream in = PosthornMetaData.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("The client's jar is not whole: "
                        + PosthornMetaData.class.getPackageName() + " has no " + FILE
                        + ". Whatever repacked the jar must keep its resources");
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + FILE + " of the client's jar", e);
        }
    }
}
