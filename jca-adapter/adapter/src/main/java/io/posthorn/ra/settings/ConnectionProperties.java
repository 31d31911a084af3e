package io.posthorn.ra.settings;

import java.util.regex.Pattern;

/**
 * What can be said about the connections of a resource adapter, of a connection factory or of an endpoint. What the factory or the endpoint
 * does not say, the adapter says; what is not said at all is the client's default.
 */
public abstract class ConnectionProperties extends Properties {

    private static final long serialVersionUID = 1L;

    /** Open Liberty takes a URL in {@code @JMSConnectionFactoryDefinition} for a path, and makes one slash of two. */
    private static final Pattern ONE_SLASH = Pattern.compile("\\b(tcp|ssl|tls|vm):/(?!/)");

    protected ConnectionProperties() {}

    public String getUrl() {
        return text("url");
    }

    /** Where the servers are, as in the client: {@code tcp://a:7660,b:7660}, {@code ssl://...}, with options behind a question mark. There is no default. */
    public void setUrl(String value) {
        put("url", value == null ? null : ONE_SLASH.matcher(value).replaceAll("$1://"));
    }

    public String getUserName() {
        return text("userName");
    }

    /** The user for connections that are given none. */
    public void setUserName(String value) {
        put("userName", value);
    }

    public String getPassword() {
        return text("password");
    }

    /** The password of {@code userName}. */
    public void setPassword(String value) {
        put("password", value);
    }

    public String getClientId() {
        return text("clientId");
    }

    /** The client identifier; it makes all connections of this bean one client, of which the server admits one at a time. */
    public void setClientId(String value) {
        put("clientId", value);
    }

    public Integer getPrefetch() {
        return number("prefetch");
    }

    /** The most messages that wait in a consumer. */
    public void setPrefetch(Integer value) {
        put("prefetch", value);
    }

    public String getConnectTimeout() {
        return text("connectTimeout");
    }

    /** For connecting, with TLS and login: milliseconds, or {@code 10s}. */
    public void setConnectTimeout(String value) {
        put("connectTimeout", value);
    }

    public String getRequestTimeout() {
        return text("requestTimeout");
    }

    /** For calls that wait for the server: milliseconds, or {@code 30s}. */
    public void setRequestTimeout(String value) {
        put("requestTimeout", value);
    }

    public String getReconnectTimeout() {
        return text("reconnectTimeout");
    }

    /** How long a lost connection tries to resume before it gives up: milliseconds, or {@code 5m}; 0 for ever. */
    public void setReconnectTimeout(String value) {
        put("reconnectTimeout", value);
    }

    public Integer getMaxReconnectAttempts() {
        return number("maxReconnectAttempts");
    }

    /** The same in attempts; -1 for no limit. */
    public void setMaxReconnectAttempts(Integer value) {
        put("maxReconnectAttempts", value);
    }

    public String getInitialReconnectDelay() {
        return text("initialReconnectDelay");
    }

    /** The first wait between attempts: milliseconds, or {@code 1s}; the waits double. */
    public void setInitialReconnectDelay(String value) {
        put("initialReconnectDelay", value);
    }

    public String getMaxReconnectDelay() {
        return text("maxReconnectDelay");
    }

    /** The longest wait between attempts: milliseconds, or {@code 5s}. */
    public void setMaxReconnectDelay(String value) {
        put("maxReconnectDelay", value);
    }

    public Boolean getUseCompression() {
        return flag("useCompression");
    }

    /** Whether large bodies are compressed. */
    public void setUseCompression(Boolean value) {
        put("useCompression", value);
    }

    public String getDeserializationAllowList() {
        return text("deserializationAllowList");
    }

    /** The classes that object messages may hold besides those of the JDK: {@code com.acme.*}, or {@code *}. */
    public void setDeserializationAllowList(String value) {
        put("deserializationAllowList", value);
    }

    public Boolean getSslEnabled() {
        return flag("sslEnabled");
    }

    /** Whether {@code tcp://} addresses use TLS. */
    public void setSslEnabled(Boolean value) {
        put("sslEnabled", value);
    }

    public String getTrustStore() {
        return text("trustStore");
    }

    /** The key store with the certificates to trust. */
    public void setTrustStore(String value) {
        put("trustStore", value);
    }

    public String getTrustStorePassword() {
        return text("trustStorePassword");
    }

    /** Its password. */
    public void setTrustStorePassword(String value) {
        put("trustStorePassword", value);
    }

    public String getTrustCertificates() {
        return text("trustCertificates");
    }

    /** The same as a PEM file. */
    public void setTrustCertificates(String value) {
        put("trustCertificates", value);
    }

    public String getKeyStore() {
        return text("keyStore");
    }

    /** The key store with the client's own certificate. */
    public void setKeyStore(String value) {
        put("keyStore", value);
    }

    public String getKeyStorePassword() {
        return text("keyStorePassword");
    }

    /** Its password. */
    public void setKeyStorePassword(String value) {
        put("keyStorePassword", value);
    }

    public Boolean getVerifyHost() {
        return flag("verifyHost");
    }

    /** Whether the server's certificate must be for the host of the URL; true unless it is said otherwise. */
    public void setVerifyHost(Boolean value) {
        put("verifyHost", value);
    }

    public String getUser() {
        return getUserName();
    }

    /** Another name of {@code userName}. */
    public void setUser(String value) {
        setUserName(value);
    }

    public String getServerUrl() {
        return getUrl();
    }

    /** Another name of {@code url}. */
    public void setServerUrl(String value) {
        setUrl(value);
    }
}
