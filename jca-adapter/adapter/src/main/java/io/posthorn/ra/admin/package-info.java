/**
 * The administered objects: queues and topics that a container makes from its configuration and binds in its naming service. No threads;
 * they reach no server. Begin with {@link io.posthorn.ra.admin.AdminQueue}.
 */
package io.posthorn.ra.admin;
