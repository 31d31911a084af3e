package io.posthorn.jms.jndi;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import javax.naming.NamingEnumeration;

/** The answer to a listing: a list that was made at once. */
final class Listing<T> implements NamingEnumeration<T> {

    private final Iterator<T> entries;

    Listing(List<T> entries) {
        this.entries = List.copyOf(entries).iterator();
    }

    @Override
    public T next() {
        if (!entries.hasNext()) {
            throw new NoSuchElementException("the listing has no more names");
        }
        return entries.next();
    }

    @Override
    public boolean hasMore() {
        return entries.hasNext();
    }

    @Override
    public boolean hasMoreElements() {
        return entries.hasNext();
    }

    @Override
    public T nextElement() {
        return next();
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
