/**
 * What goes over the management port, as the JSON has it; read by the command line as well. Times are texts as {@link
 * java.time.Instant} writes them, sizes are bytes. Fields may be added; none changes its meaning.
 */
package io.posthorn.admin.model;
