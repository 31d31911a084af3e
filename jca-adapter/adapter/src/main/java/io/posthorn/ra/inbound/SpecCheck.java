package io.posthorn.ra.inbound;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.consumer.Sources;
import io.posthorn.ra.settings.Durations;
import jakarta.jms.JMSException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is wrong with the properties of an activation, each with its name, its value and what would be right. */
final class SpecCheck {

    /** What is wrong with one property. */
    record Problem(String property, String text) {}

    private final EndpointProperties spec;
    private final List<Problem> problems = new ArrayList<>();

    private SpecCheck(EndpointProperties spec) {
        this.spec = spec;
    }

    /** Empty when all is well, as far as can be told without the server and the naming service. */
    static List<Problem> of(EndpointProperties spec) {
        SpecCheck check = new SpecCheck(spec);
        check.destination();
        check.subscription();
        check.numbers();
        check.times();
        check.selector();
        return check.problems;
    }

    private void destination() {
        if (spec.getDestination() == null && spec.getDestinationLookup() == null) {
            add(
                    "destination",
                    "neither destination nor destinationLookup is set; set destinationLookup to the JNDI name of a queue"
                            + " or topic, or destination to its name at the server");
        }
        String type = spec.getDestinationType();
        if (type != null && kindOf(type) == null) {
            wrong("destinationType", type, "jakarta.jms.Queue or jakarta.jms.Topic");
        }
        String mode = spec.getAcknowledgeMode();
        if (mode != null && !isAuto(mode) && !isDupsOk(mode)) {
            wrong("acknowledgeMode", mode, "Auto-acknowledge or Dups-ok-acknowledge");
        }
    }

    private void subscription() {
        String durability = spec.getSubscriptionDurability();
        boolean durable = isDurable(spec);
        if (durability != null && !durable && !"nondurable".equals(plain(durability))) {
            wrong("subscriptionDurability", durability, "Durable or NonDurable");
        }
        boolean shared = isTrue(spec.getShareSubscriptions());
        if ((durable || shared)
                && spec.getSubscriptionName() == null
                && kindOf(spec.getDestinationType()) != Kind.QUEUE) {
            add(
                    "subscriptionName",
                    "subscriptionName is not set; a " + (durable ? "durable" : "shared")
                            + " subscription needs a name, which is the same at every start");
        }
        if (durable && !shared && spec.getClientId() == null) {
            add(
                    "clientId",
                    "clientId is not set; an unshared durable subscription belongs to a client identifier. Set one that no"
                            + " other endpoint has, or shareSubscriptions=true");
        }
        if (spec.getClientId() != null && Boolean.FALSE.equals(spec.getSingleConnection())) {
            wrong(
                    "singleConnection",
                    "false",
                    "true together with clientId, of which there is one connection at a time");
        }
    }

    private void numbers() {
        atLeast("maxConcurrency", spec.getMaxConcurrency(), 1);
        atLeast("transactionTimeout", spec.getTransactionTimeout(), 0);
        atLeast("stopAfterFailures", spec.getStopAfterFailures(), 0);
        atLeast("setupAttempts", spec.getSetupAttempts(), -1);
    }

    private void atLeast(String name, Integer value, int min) {
        if (value != null && value < min) {
            wrong(name, String.valueOf(value), "a number from " + min + " on");
        }
    }

    private void times() {
        time("redeliveryDelay", spec.getRedeliveryDelay());
        time("maxRedeliveryDelay", spec.getMaxRedeliveryDelay());
        time("setupInterval", spec.getSetupInterval());
        time("maxSetupInterval", spec.getMaxSetupInterval());
    }

    private void time(String name, String value) {
        try {
            Durations.parseMs(value, 0);
        } catch (IllegalArgumentException e) {
            wrong(name, value, "a time such as 500, 500ms, 30s or 5m");
        }
    }

    private void selector() {
        try {
            Sources.unshared(new PosthornQueue("any"), spec.getMessageSelector(), false);
        } catch (JMSException e) {
            add(
                    "messageSelector",
                    "messageSelector is '" + spec.getMessageSelector() + "', which is no selector: " + e.getMessage());
        }
    }

    private void wrong(String property, String value, String accepted) {
        add(property, property + " is '" + value + "'; accepted: " + accepted);
    }

    private void add(String property, String text) {
        problems.add(new Problem(property, text));
    }

    // How the values are read.

    /** Queue or topic. */
    enum Kind {
        QUEUE,
        TOPIC
    }

    /** Null for nothing, and for what is neither. */
    static Kind kindOf(String type) {
        if (type == null) {
            return null;
        }
        return switch (type.substring(type.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
            case "queue" -> Kind.QUEUE;
            case "topic" -> Kind.TOPIC;
            default -> null;
        };
    }

    static boolean isDurable(EndpointProperties spec) {
        return spec.getSubscriptionDurability() != null && "durable".equals(plain(spec.getSubscriptionDurability()));
    }

    static boolean isDupsOk(String mode) {
        return mode != null && "dupsokacknowledge".equals(plain(mode));
    }

    private static boolean isAuto(String mode) {
        return "autoacknowledge".equals(plain(mode));
    }

    static boolean isTrue(Boolean value) {
        return Boolean.TRUE.equals(value);
    }

    /** Letters only, in lower case: {@code Auto-acknowledge} and {@code AUTO_ACKNOWLEDGE} are the same. */
    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    }
}
