package io.posthorn.server.cli.admin;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** Prints a list that the server gives in parts: one row for each item. */
abstract class ListCommand<T> implements Callable<Integer> {

    private final String path;
    private final Class<T> type;
    private final String what;
    private final String[] headings;

    @Mixin
    private Desk desk;

    @Mixin
    private ListOptions options;

    /**
     * @param path name of the list below {@code /api}
     * @param what what its items are called in a sentence
     * @param headings as {@link Table} takes them
     */
    ListCommand(String path, Class<T> type, String what, String... headings) {
        this.path = path;
        this.type = type;
        this.what = what;
        this.headings = headings;
    }

    /** The cells of an item, in the order of the headings. */
    abstract Object[] row(T item, Instant now);

    @Override
    public final Integer call() throws AdminException {
        Desk.Listing<T> listing = desk.list(Desk.path(List.of(path), options.parameters()), type);
        if (listing != null) {
            Instant now = Instant.now();
            Table table = new Table(headings);
            listing.items().forEach(item -> table.row(row(item, now)));
            table.print(desk::print);
            ListOptions.printRest(desk, listing, what);
        }
        return 0;
    }
}
