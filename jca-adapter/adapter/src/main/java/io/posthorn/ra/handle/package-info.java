/**
 * What applications hold: factories, connections, sessions and contexts that stand in front of a managed connection for a while, and keep
 * the rules of Jakarta EE containers (JMS 3.1 section 6.2 and chapter 12). Application threads call in. Begin with {@link
 * io.posthorn.ra.handle.FactoryHandle}.
 */
package io.posthorn.ra.handle;
