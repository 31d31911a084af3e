package io.posthorn.servers.application;

/** How a bean comes to its connection. */
public enum Way {
    /** A {@code JMSContext}, injected. */
    INJECTED,
    /** A connection factory, injected by {@code @Resource}. */
    RESOURCE,
    /** A connection factory, looked up in JNDI. */
    LOOKUP,
    /** The same with {@code Connection}, {@code Session} and {@code MessageProducer}, as code before JMS 2.0 has it. */
    CLASSIC,
    /** A {@code JMSContext}, injected without naming a factory: the platform's default one. */
    DEFAULT
}
