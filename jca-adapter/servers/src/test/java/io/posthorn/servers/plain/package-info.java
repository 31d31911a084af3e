/** What runs in a servlet container without any resource adapter. Begin with {@link io.posthorn.servers.plain.PlainIT}. */
package io.posthorn.servers.plain;
