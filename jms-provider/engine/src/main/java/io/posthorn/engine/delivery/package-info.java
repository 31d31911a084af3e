/**
 * What a consumer receives and holds: the deliveries of one generation, the credit that lets them come, the entries that
 * the application was handed. It does not know frames, commands or sockets. Each class says who may call it. Begin with
 * {@link io.posthorn.engine.delivery.Intake}.
 */
package io.posthorn.engine.delivery;
