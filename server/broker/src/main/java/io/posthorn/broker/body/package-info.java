/**
 * Bodies that are too long for one record: which pieces make up which body, and who needs it. The pieces themselves are
 * entries of a queue of their own. Runs on the broker's driver; knows neither queues nor the log. Begin with {@link
 * io.posthorn.broker.body.Bodies}.
 */
package io.posthorn.broker.body;
