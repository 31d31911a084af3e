/**
 * What an operator asks and orders: lists of what there is, destinations made, emptied and dropped, messages looked at and
 * sent back, prepared branches decided by hand. Runs on the broker's driver, in a turn; what changes durable state goes
 * through the log like any command. Knows no HTTP and no command line. Begin with {@link
 * io.posthorn.broker.admin.Administration}.
 */
package io.posthorn.broker.admin;
