package io.posthorn.server;

/** The version of this server. */
public final class Version {

    private Version() {}

    /** As the jar's manifest has it; {@code development} when there is no jar. */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
