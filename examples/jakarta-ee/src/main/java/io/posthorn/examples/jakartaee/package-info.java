/**
 * A shop whose orders go through a queue. It knows the platform's API and nothing of Posthorn. Runs on the application server's threads.
 * Begin with {@link io.posthorn.examples.jakartaee.OrderResource}.
 */
package io.posthorn.examples.jakartaee;
