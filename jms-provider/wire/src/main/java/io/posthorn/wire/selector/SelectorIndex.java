package io.posthorn.wire.selector;

import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.Utf8;
import io.posthorn.wire.message.ValuePlace;
import io.posthorn.wire.selector.expression.Reference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Many selectors, each with its owner: whom a message may concern is found by the values of a few properties, instead of asking
 * every selector. A selector that requires an equality ({@link Selector#requiredEquality}) is filed under it; all others, and
 * those who have none, are candidates for every message. A candidate's selector has still to be evaluated. Not thread-safe.
 *
 * @param <T> the owners; each is added once
 */
public final class SelectorIndex<T> {

    private final List<T> always = new ArrayList<>();
    private final Map<String, Shelf<T>> shelves = new HashMap<>();

    /** The shelves once more, as they are walked through for each message. */
    private final List<Shelf<T>> walked = new ArrayList<>();

    /** The owners whose selectors require an equality of the same property or header field. */
    private record Shelf<T>(Reference reference, Map<Object, List<T>> byValue) {}

    /** Files an owner; {@code selector} is null for one that wants to see everything. */
    public void add(Selector selector, T owner) {
        EqualityKey key = keyOf(selector);
        if (key == null) {
            always.add(owner);
            return;
        }
        Shelf<T> shelf = shelves.get(key.name());
        if (shelf == null) {
            shelf = new Shelf<>(Reference.of(key.name()), new HashMap<>());
            shelves.put(key.name(), shelf);
            walked.add(shelf);
        }
        shelf.byValue.computeIfAbsent(valueOf(key), value -> new ArrayList<>(1)).add(owner);
    }

    /** Takes an owner out; with the selector that it was added with. */
    public void remove(Selector selector, T owner) {
        EqualityKey key = keyOf(selector);
        if (key == null) {
            always.remove(owner);
            return;
        }
        Shelf<T> shelf = shelves.get(key.name());
        if (shelf == null) {
            return;
        }
        List<T> owners = shelf.byValue.get(valueOf(key));
        if (owners != null && owners.remove(owner) && owners.isEmpty()) {
            shelf.byValue.remove(valueOf(key));
            if (shelf.byValue.isEmpty()) {
                shelves.remove(key.name());
                walked.remove(shelf);
            }
        }
    }

    /**
     * Calls back for each owner whose selector may match the message, once. A {@link
     * io.posthorn.wire.message.MalformedException} says that its headers or properties are broken; some owners may have been
     * called by then.
     */
    public void forEachCandidate(Envelope message, Consumer<? super T> action) {
        always.forEach(action);
        for (int index = 0; index < walked.size(); index++) {
            Shelf<T> shelf = walked.get(index);
            Object value = valueIn(message, shelf.reference);
            List<T> owners = value == null ? null : shelf.byValue.get(value);
            if (owners != null) {
                owners.forEach(action);
            }
        }
    }

    private static EqualityKey keyOf(Selector selector) {
        return Optional.ofNullable(selector).flatMap(Selector::requiredEquality).orElse(null);
    }

    /** A literal is compared as the UTF-8 that Java makes of it, which has no half of a pair of surrogates. */
    private static Object valueOf(EqualityKey key) {
        return key.value() instanceof String text
                ? new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
                : key.value();
    }

    /** The value as a key has it; null when it equals none. */
    private static Object valueIn(Envelope message, Reference reference) {
        long place = reference.locate(message);
        if (ValuePlace.isNull(place)) {
            return null;
        }
        byte[] bytes = reference.source(message);
        if (ValuePlace.isExact(place)) {
            return ValuePlace.exact(bytes, place);
        }
        if (ValuePlace.isText(place)) {
            long span = ValuePlace.textSpan(bytes, place);
            return Utf8.decode(bytes, ValuePlace.spanStart(span), ValuePlace.spanLength(span));
        }
        if (ValuePlace.isApproximate(place)) {
            double value = ValuePlace.approximate(bytes, place);
            return (long) value == value ? (Object) (long) value : null;
        }
        return null;
    }
}
