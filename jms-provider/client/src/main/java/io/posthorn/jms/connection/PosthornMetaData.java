package io.posthorn.jms.connection;

import jakarta.jms.ConnectionMetaData;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the connection says about itself (section 6.1.5.4). Immutable. */
final class PosthornMetaData implements ConnectionMetaData {

    private static final Logger LOG = LoggerFactory.getLogger(PosthornMetaData.class);
    /** Where Maven leaves the version in a jar of ours. */
    private static final List<String> VERSION_FILES = List.of(
            "/META-INF/maven/io.posthorn/posthorn-jms/pom.properties",
            "/META-INF/maven/io.posthorn/posthorn-jms-javax/pom.properties");

    private static final String UNKNOWN = "0.0";

    private final String version = readVersion();

    @Override
    public String getJMSVersion() {
        return "3.1";
    }

    @Override
    public int getJMSMajorVersion() {
        return 3;
    }

    @Override
    public int getJMSMinorVersion() {
        return 1;
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
        return part(0);
    }

    @Override
    public int getProviderMinorVersion() {
        return part(1);
    }

    @Override
    public Enumeration<String> getJMSXPropertyNames() {
        return Collections.enumeration(List.of("JMSXGroupID", "JMSXGroupSeq", "JMSXDeliveryCount"));
    }

    /** The n-th number of the version, 0 where there is none. */
    private int part(int index) {
        String[] parts = version.split("[^0-9]+", -1);
        return index < parts.length && !parts[index].isEmpty() ? Integer.parseInt(parts[index]) : 0;
    }

    private static String readVersion() {
        String fromManifest = PosthornMetaData.class.getPackage().getImplementationVersion();
        if (fromManifest != null) {
            return fromManifest;
        }
        for (String file : VERSION_FILES) {
            String version = readVersion(file);
            if (version != null) {
                return version;
            }
        }
        return UNKNOWN;
    }

    private static String readVersion(String file) {
        try (InputStream in = PosthornMetaData.class.getResourceAsStream(file)) {
            if (in == null) {
                return null;
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            LOG.debug("cannot read {}", file, e);
            return null;
        }
    }
}
