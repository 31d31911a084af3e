package io.posthorn.server.cli.admin;

import io.posthorn.admin.model.Stock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints a list that the server gives in parts: one row for each item. */
abstract class ListCommand<T> implements Callable<Integer> {

    private final String path;
    private final Class<T> type;
    private final String what;
    private final String[] headings;

    @Mixin
    private Desk desk;

    @Option(names = "--name", paramLabel = "PATTERN", description = "Only these names; * is any text, ? one character.")
    private String name;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many at most, up to 1000 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--after", paramLabel = "NAME", description = "Go on behind this name.")
    private String after;

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

    /** The headings of what holds messages, behind those that name it. */
    static String[] stockHeadings(String... names) {
        Stream<String> stock = Stream.of(
                ">DEPTH", ">IN FLIGHT", ">BYTES", ">OLDEST", ">CONSUMERS", ">EXPIRED", ">DROPPED", ">REFUSED");
        return Stream.concat(Stream.of(names), stock).toArray(String[]::new);
    }

    /** The cells below {@link #stockHeadings}. */
    static Object[] stockRow(Stock messages, int consumers, Instant now, Object... names) {
        Stream<Object> stock = Stream.of(
                messages.depth(),
                messages.inFlight(),
                Units.bytes(messages.bytes()),
                Units.ago(messages.oldest(), now),
                consumers,
                messages.expired(),
                messages.dropped(),
                messages.refused());
        return Stream.concat(Stream.of(names), stock).toArray();
    }

    /** The cells of an item, in the order of the headings. */
    abstract Object[] row(T item, Instant now);

    @Override
    public final Integer call() throws AdminException {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("name", name);
        parameters.put("limit", limit);
        parameters.put("after", after);
        Desk.Listing<T> listing = desk.list(Desk.path(List.of(path), parameters), type);
        if (listing != null) {
            Instant now = Instant.now();
            Table table = new Table(headings);
            listing.items().forEach(item -> table.row(row(item, now)));
            table.print(desk::print);
            desk.printRest(listing, what);
        }
        return 0;
    }
}
