/**
 * How problems of the engine become the exceptions that the JMS specification names, checked and unchecked. No threads, no
 * state. Begin with {@link io.posthorn.jms.error.JmsErrors}.
 */
package io.posthorn.jms.error;
