/**
 * Receiving (chapter 8) and browsing (section 4.1.6) in the classic API, and the rules by which what an application asks for
 * becomes what the server is asked for. Runs on the application's threads; listeners are the session's business. Begin with
 * {@link io.posthorn.jms.consumer.Sources}.
 */
package io.posthorn.jms.consumer;
