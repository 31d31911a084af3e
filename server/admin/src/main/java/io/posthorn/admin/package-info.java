/**
 * Management over HTTP: a small port of its own, on loopback unless told otherwise, with JSON resources below {@code /api}
 * and health below {@code /health}. Runs on threads {@code posthorn-admin-N}, which may wait; knows the broker only by
 * {@link io.posthorn.gateway.agent.AdminLink}. Begin with
 * {@link io.posthorn.admin.AdminServer}.
 */
package io.posthorn.admin;
