/**
 * The transaction manager's side of an XA session (section 11.3): its resource, and the translation of identifiers and errors
 * between XA and the engine. Called on the transaction manager's threads. Knows nothing of messages. Begin with {@link
 * io.posthorn.jms.xa.BranchResource}.
 */
package io.posthorn.jms.xa;
