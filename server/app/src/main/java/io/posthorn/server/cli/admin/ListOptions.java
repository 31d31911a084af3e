package io.posthorn.server.cli.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which part of a long list is wanted. */
final class ListOptions {

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

    Map<String, Object> parameters() {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("name", name);
        parameters.put("limit", limit);
        parameters.put("after", after);
        return parameters;
    }

    /** Says what was left out. */
    static <T> void printRest(Desk desk, Desk.Listing<T> listing, String what) {
        if (listing.next() != null) {
            desk.print(listing.items().size() + " of " + listing.total() + " " + what + "; more with --after '"
                    + listing.next().replace('\u0000', ' ') + "', or --limit");
        } else if (listing.items().isEmpty()) {
            desk.print("There are no " + what + ".");
        }
    }

    /** The same for a list that has no parts. */
    static <T> void printTotal(Desk desk, Desk.Listing<T> listing, String what) {
        if (listing.items().size() < listing.total()) {
            desk.print(listing.items().size() + " of " + listing.total() + " " + what);
        }
        printRest(desk, listing, what);
    }
}
