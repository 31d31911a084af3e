/**
 * Messages that are larger than what should be in memory: through small heaps, over broken links, past killed servers. Begin
 * with {@link io.posthorn.tck.resumption.large.LargeMessagesTest}.
 */
package io.posthorn.tck.resumption.large;
