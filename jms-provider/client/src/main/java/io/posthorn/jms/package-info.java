/**
 * What applications and their configuration name: connection factories, destinations, and the JNDI factories. All are plain
 * beans, serialisable and bindable; none reaches a server before a connection is asked for. Safe from any thread once set up.
 * What stands behind them is in the packages below. Begin with {@link io.posthorn.jms.PosthornConnectionFactory}.
 */
package io.posthorn.jms;
