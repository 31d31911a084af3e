/**
 * Users, their passwords and what they may do. Runs on the gateway's login thread, except for the cheap look into what
 * is known already. Knows no sockets. Begin with {@link io.posthorn.server.security.UserDirectory}.
 */
package io.posthorn.server.security;
