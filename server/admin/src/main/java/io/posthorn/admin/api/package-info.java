/**
 * The resources of the management port. Each request runs on a thread of its own kind, which waits for the broker's answer
 * for a bounded time. Begin with {@link io.posthorn.admin.api.Api}.
 */
package io.posthorn.admin.api;
