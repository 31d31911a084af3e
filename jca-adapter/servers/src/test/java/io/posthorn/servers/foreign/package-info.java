/**
 * What a server cannot do with any resource adapter, shown with that of ActiveMQ Classic and two of its brokers; nothing of Posthorn takes
 * part. The guides name these cases. Each runs by a profile of its own. Begin with {@link io.posthorn.servers.foreign.Crash}.
 */
package io.posthorn.servers.foreign;
