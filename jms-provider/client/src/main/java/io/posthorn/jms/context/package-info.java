/**
 * The simplified API (section 2.8): contexts, their producers and consumers, over the classic API's connections and sessions, with
 * unchecked exceptions. Begin with {@link io.posthorn.jms.context.ContextFront}.
 */
package io.posthorn.jms.context;
