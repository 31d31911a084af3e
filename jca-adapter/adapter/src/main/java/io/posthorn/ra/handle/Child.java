package io.posthorn.ra.handle;

/** What an application opened in a session, and what stands behind it at the server while it is used. */
interface Child {

    /** Closes what stands behind it; it is opened again when it is next used. */
    void closeBehind();
}
