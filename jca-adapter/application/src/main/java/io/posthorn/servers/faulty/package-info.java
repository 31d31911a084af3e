/**
 * An application with mistakes that only show when a bean connects: a wrong password, a broker that is not there. They must neither stop the
 * deployment nor the bean that is in order. Begin with {@link io.posthorn.servers.faulty.Healthy}.
 */
package io.posthorn.servers.faulty;
