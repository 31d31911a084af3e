package io.posthorn.broker.lane;

/** The account of a log: what of it is needed. */
public interface Space {

    /** One entry or page more, of about so many bytes, needs what stands at this position. */
    void retained(long position, int bytes);

    /** One less does. */
    void released(long position, int bytes);

    /** The entries of a page are not needed any more; what they need is released once the page was read. */
    void leave(Rubble.Leftover page);
}
