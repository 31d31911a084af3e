/**
 * Sending (chapter 7): delivery options, the steps of a send, and the classic API's producer. Runs on the application's
 * thread; completion callbacks are the session's business. Begin with {@link io.posthorn.jms.producer.Sender}.
 */
package io.posthorn.jms.producer;
