package io.posthorn.ra.inbound;

import io.posthorn.ra.settings.ConnectionProperties;

/** What can be said about an endpoint: the activation properties of JMS 3.1 section 13 and Posthorn's own. */
public abstract class EndpointProperties extends ConnectionProperties {

    private static final long serialVersionUID = 1L;

    protected EndpointProperties() {}

    public String getDestination() {
        return text("destination");
    }

    /** The name of the queue or topic at the server, or a JNDI name, which is tried first unless {@code useJndi} says otherwise. */
    public void setDestination(String value) {
        put("destination", value);
    }

    public String getDestinationLookup() {
        return text("destinationLookup");
    }

    /** The JNDI name of the queue or topic; goes before {@code destination}. */
    public void setDestinationLookup(String value) {
        put("destinationLookup", value);
    }

    public String getDestinationType() {
        return text("destinationType");
    }

    /** {@code jakarta.jms.Queue} or {@code jakarta.jms.Topic}; may be left out when the destination is looked up. */
    public void setDestinationType(String value) {
        put("destinationType", value);
    }

    public String getAcknowledgeMode() {
        return text("acknowledgeMode");
    }

    /** {@code Auto-acknowledge} or {@code Dups-ok-acknowledge}; without meaning where a transaction acknowledges. */
    public void setAcknowledgeMode(String value) {
        put("acknowledgeMode", value);
    }

    public String getMessageSelector() {
        return text("messageSelector");
    }

    /** Which messages to deliver. */
    public void setMessageSelector(String value) {
        put("messageSelector", value);
    }

    public String getSubscriptionDurability() {
        return text("subscriptionDurability");
    }

    /** {@code Durable} or {@code NonDurable}, for a topic. */
    public void setSubscriptionDurability(String value) {
        put("subscriptionDurability", value);
    }

    public String getSubscriptionName() {
        return text("subscriptionName");
    }

    /** The name of the durable or shared subscription. */
    public void setSubscriptionName(String value) {
        put("subscriptionName", value);
    }

    public Boolean getShareSubscriptions() {
        return flag("shareSubscriptions");
    }

    /** Whether several endpoints, of a cluster perhaps, share the subscription. */
    public void setShareSubscriptions(Boolean value) {
        put("shareSubscriptions", value);
    }

    public String getConnectionFactoryLookup() {
        return text("connectionFactoryLookup");
    }

    /** The JNDI name of a factory of this adapter whose settings to take. */
    public void setConnectionFactoryLookup(String value) {
        put("connectionFactoryLookup", value);
    }

    public Boolean getUseJndi() {
        return flag("useJndi");
    }

    /** Whether {@code destination} is a JNDI name; unset: it is one when it is bound. */
    public void setUseJndi(Boolean value) {
        put("useJndi", value);
    }

    public Integer getMaxConcurrency() {
        return number("maxConcurrency");
    }

    /** How many messages the endpoint handles at a time; 1 keeps their order. */
    public void setMaxConcurrency(Integer value) {
        put("maxConcurrency", value);
    }

    public Boolean getSingleConnection() {
        return flag("singleConnection");
    }

    /** Whether all sessions of the endpoint share a connection; true unless it is said otherwise. */
    public void setSingleConnection(Boolean value) {
        put("singleConnection", value);
    }

    public Integer getTransactionTimeout() {
        return number("transactionTimeout");
    }

    /** Seconds until the server rolls a branch of a delivery back; 0 leaves it to the server. */
    public void setTransactionTimeout(Integer value) {
        put("transactionTimeout", value);
    }

    public String getRedeliveryDelay() {
        return text("redeliveryDelay");
    }

    /** How long a receiver of the endpoint pauses after its first failure in a row: milliseconds, or {@code 1s}. */
    public void setRedeliveryDelay(String value) {
        put("redeliveryDelay", value);
    }

    public String getMaxRedeliveryDelay() {
        return text("maxRedeliveryDelay");
    }

    /** The longest such pause; each failure in a row doubles it. */
    public void setMaxRedeliveryDelay(String value) {
        put("maxRedeliveryDelay", value);
    }

    public Integer getStopAfterFailures() {
        return number("stopAfterFailures");
    }

    /** After how many failures in a row the endpoint pauses until it is resumed; 0 for never. */
    public void setStopAfterFailures(Integer value) {
        put("stopAfterFailures", value);
    }

    public Integer getSetupAttempts() {
        return number("setupAttempts");
    }

    /** How often the endpoint tries to connect before it gives up; -1 for ever. */
    public void setSetupAttempts(Integer value) {
        put("setupAttempts", value);
    }

    public String getSetupInterval() {
        return text("setupInterval");
    }

    /** The first wait between these attempts: milliseconds, or {@code 1s}; the waits double, with a random part. */
    public void setSetupInterval(String value) {
        put("setupInterval", value);
    }

    public String getMaxSetupInterval() {
        return text("maxSetupInterval");
    }

    /** The longest wait between these attempts. */
    public void setMaxSetupInterval(String value) {
        put("maxSetupInterval", value);
    }

    public Integer getMaxSessions() {
        return getMaxConcurrency();
    }

    /** Another name of {@code maxConcurrency}. */
    public void setMaxSessions(Integer value) {
        setMaxConcurrency(value);
    }

    public Integer getMaxSession() {
        return getMaxConcurrency();
    }

    /** Another name of {@code maxConcurrency}. */
    public void setMaxSession(Integer value) {
        setMaxConcurrency(value);
    }

    public Boolean getUseJNDI() {
        return getUseJndi();
    }

    /** Another name of {@code useJndi}. */
    public void setUseJNDI(Boolean value) {
        setUseJndi(value);
    }
}
