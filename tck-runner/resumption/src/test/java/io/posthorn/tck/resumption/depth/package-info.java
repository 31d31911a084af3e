/**
 * A backlog that is far larger than the server's heap, through the whole of the product. Begin with {@code DeepBacklogTest}.
 */
package io.posthorn.tck.resumption.depth;
