/**
 * A container in small: work manager, pool, endpoints with transactions of Narayana, as far as the resource adapter can tell. Begin with
 * {@link io.posthorn.ra.harness.Container}.
 */
package io.posthorn.ra.harness;
