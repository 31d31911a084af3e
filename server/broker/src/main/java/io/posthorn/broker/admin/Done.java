package io.posthorn.broker.admin;

/**
 * An order that was carried out.
 *
 * @param position the position that the log must have passed before anybody may be told; {@link #AT_ONCE} for none
 * @param result what is to be told
 */
public record Done<T>(long position, T result) {

    /** There is nothing to wait for. */
    public static final long AT_ONCE = -1;
}
