package io.posthorn.servers.rig;

import java.util.Map;
import java.util.Optional;

/** TomEE; the jar of the RAR is in its folder for shared classes. */
final class TomEe extends Catalina {

    private static final int HEAP_MEGABYTES = 512;

    TomEe() {
        super(HEAP_MEGABYTES);
    }

    @Override
    void installProvider(Site site) {
        site.installFromRar("posthorn-ra.jar", "lib/posthorn-ra.jar");
        site.install("tomee.xml", "conf/tomee.xml");
    }

    @Override
    public Optional<String> withoutRecovery() {
        return Optional.of(
                "TomEE asks no adapter for its interrupted transactions: nothing in it calls doRecovery of the connector"
                        + " that it is built on, and nothing implements its own InboundRecovery; see docs/app-servers/tomee.md,"
                        + " and the profile tomee-foreign-adapter for the same with ActiveMQ's adapter");
    }

    /** TomEE 9 says of it: Injection data not found in JNDI context. */
    @Override
    public boolean namesTheDefaultFactory() {
        return false;
    }

    /** TomEE gives such a bean a destination of the bean's name, before it asks the adapter. */
    @Override
    public String wordsOnAMissingDestination() {
        return "Auto-creating a Resource with id 'Picky' of type 'jakarta.jms.Queue' for 'Picky'";
    }

    /**
     * For {@code @JMSConnectionFactory} TomEE compares the text with the ids of its resources, and looks nothing up. A user in a
     * {@code @JMSConnectionFactoryDefinition} it takes for the password as well.
     */
    @Override
    public Map<String, String> annotationTexts() {
        return Map.of(
                "java:comp/env/jms/Factory",
                "jms/PosthornFactory",
                "java:comp/env/jms/OtherFactory",
                "jms/OtherFactory",
                Rig.USER,
                "");
    }
}
