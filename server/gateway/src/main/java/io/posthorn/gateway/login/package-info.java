/**
 * Who may connect. The check itself is the {@link io.posthorn.gateway.login.Authenticator}'s; here it gets its own
 * thread, its bound and its log lines. Begin with {@link io.posthorn.gateway.login.Doorkeeper}.
 */
package io.posthorn.gateway.login;
