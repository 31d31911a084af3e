package io.posthorn.server.cli.admin;

/** Names of the properties that a dead letter has. */
final class DeadLetter {

    static final String ORIGIN = "JMS_POSTHORN_ORIGIN";
    static final String CAUSE = "JMS_POSTHORN_CAUSE";
    static final String COUNT = "JMS_POSTHORN_ATTEMPTS";

    private DeadLetter() {}
}
