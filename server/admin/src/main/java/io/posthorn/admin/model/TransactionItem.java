package io.posthorn.admin.model;

/**
 * A prepared XA branch, or one that an operator decided and whose transaction manager has not forgotten it.
 *
 * @param id format, global transaction and branch, as hexadecimal text
 * @param state prepared, committed-by-hand or rolled-back-by-hand
 * @param preparedAt when it was prepared, or when the server started if that was later; null once decided
 * @param sends how many messages it would send
 * @param bytes how long these are together
 * @param acknowledges how many messages it would take out
 */
public record TransactionItem(String id, String state, String preparedAt, int sends, long bytes, long acknowledges) {}
