/** What runs with the generic adapter of WildFly instead of ours. Begin with {@link io.posthorn.servers.generic.GenericJmsIT}. */
package io.posthorn.servers.generic;
