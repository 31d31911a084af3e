package io.posthorn.jms.message;

import io.posthorn.jms.convert.Causes;
import jakarta.jms.MessageFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which classes object messages may bring to life. Value types of the JDK always: the boxed types, strings, numbers, dates,
 * {@code java.time}, the collections of {@code java.util}, and arrays of these. Others only when the allow-list names them: a class
 * ({@code com.acme.Order}, with its nested classes), a package and all below it ({@code com.acme.*}), or everything ({@code *}).
 * Classes that are not trusted are not even loaded. Every object graph is bounded in depth, and arrays by the bytes that
 * came. Without an allow-list the depth is small, so that lists and sets that share each other cannot take for ever to hash; with
 * one it leaves room for the application's own graphs, and the list should only name what trusted senders send. Immutable, for any
 * thread.
 */
public final class ObjectTrust {

    /** The setting that holds the allow-list, in URLs and on connection factories. */
    public static final String SETTING = "deserializationAllowList";

    /** How deep values may stand in each other while only the JDK's are trusted. */
    static final int DEPTH_MAX_JDK = 24;

    /** How deep they may stand in each other when there is an allow-list. */
    static final int DEPTH_MAX = 250;

    /** Arrays of up to this length are made whatever came; collections start with more room than they need. */
    private static final int ARRAY_LENGTH_FREE = 1024;

    /** Longest array per byte that came; hash tables have up to four places for an entry. */
    private static final int ARRAY_LENGTH_PER_BYTE = 4;

    private static final Set<String> JDK_CLASSES = Set.of(
            "java.lang.Boolean",
            "java.lang.Byte",
            "java.lang.Character",
            "java.lang.Double",
            "java.lang.Enum",
            "java.lang.Float",
            "java.lang.Integer",
            "java.lang.Long",
            "java.lang.Number",
            "java.lang.Object",
            "java.lang.Short",
            "java.lang.String",
            "java.lang.StringBuffer",
            "java.lang.StringBuilder",
            "java.net.URI",
            "java.sql.Date",
            "java.sql.Time",
            "java.sql.Timestamp",
            "sun.util.calendar.ZoneInfo");

    /** Packages without those below them. */
    private static final Set<String> JDK_PACKAGES = Set.of(
            "java.math",
            "java.time",
            "java.time.chrono",
            "java.time.zone",
            "java.util",
            "java.util.concurrent",
            "java.util.concurrent.atomic",
            // A ConcurrentHashMap writes some, for readers of long ago.
            "java.util.concurrent.locks");

    private static final ObjectTrust JDK_ONLY = new ObjectTrust(List.of());
    private static final ObjectTrust ALL = new ObjectTrust(List.of("*"));

    private final List<String> patterns;

    private ObjectTrust(List<String> patterns) {
        this.patterns = List.copyOf(patterns);
    }

    /** The JDK's value types and nothing else. */
    public static ObjectTrust jdkOnly() {
        return JDK_ONLY;
    }

    /** Every class: only for bytes that come from this very process, or where every sender is trusted. */
    public static ObjectTrust all() {
        return ALL;
    }

    /**
     * The JDK's value types and what the list names, separated by commas; null or blank names nothing. A pattern that is none is
     * an {@link IllegalArgumentException}.
     */
    public static ObjectTrust of(String allowList) {
        if (allowList == null || allowList.isBlank()) {
            return JDK_ONLY;
        }
        List<String> patterns = new ArrayList<>();
        for (String part : allowList.split(",", -1)) {
            String pattern = part.strip();
            if (!pattern.isEmpty()) {
                check(pattern);
                patterns.add(pattern);
            }
        }
        return new ObjectTrust(patterns);
    }

    private static void check(String pattern) {
        String name = pattern.endsWith(".*") ? pattern.substring(0, pattern.length() - 2) : pattern;
        boolean valid = !name.isEmpty() && name.chars().allMatch(c -> Character.isJavaIdentifierPart(c) || c == '.');
        if (!pattern.equals("*") && !valid) {
            throw new IllegalArgumentException(
                    "'" + pattern + "' in " + SETTING + " names no class: give a class such as "
                            + "com.acme.Order, a package with all below it such as com.acme.*, or * for everything");
        }
    }

    /** Whether objects of this class may be made; arrays go by their elements. */
    public boolean permits(String className) {
        String element = elementOf(className);
        if (element.isEmpty() || JDK_CLASSES.contains(element)) {
            return true;
        }
        int dot = element.lastIndexOf('.');
        if (dot > 0 && JDK_PACKAGES.contains(element.substring(0, dot))) {
            return true;
        }
        for (String pattern : patterns) {
            if (matches(pattern, element)) {
                return true;
            }
        }
        return false;
    }

    /** Makes the object that was serialised. Whatever stands against it is a {@link MessageFormatException} that names it. */
    public Serializable read(byte[] bytes, int offset, int length) throws MessageFormatException {
        try (TrustedInput in = new TrustedInput(bytes, offset, length)) {
            return in.readTrusted();
        } catch (UntrustedClassException e) {
            throw Causes.link(new MessageFormatException(refusal(e.classname)), e);
        } catch (ClassNotFoundException e) {
            throw Causes.link(
                    new MessageFormatException("the object message holds a " + e.getMessage()
                            + ", which is not on the class path of this application"),
                    e);
        } catch (IOException | RuntimeException | LinkageError e) {
            throw Causes.link(
                    new MessageFormatException("the object message cannot be deserialised: " + e.getMessage()), e);
        }
    }

    private String refusal(String className) {
        String element = elementOf(className);
        String list = patterns.isEmpty() ? element : String.join(",", patterns) + "," + element;
        return "the object message holds a " + element + ", which is not trusted. If the senders are, set " + SETTING
                + "=" + list + " in the connection URL or on the connection factory";
    }

    private static boolean matches(String pattern, String className) {
        if (pattern.equals("*") || pattern.equals(className)) {
            return true;
        }
        if (pattern.endsWith(".*")) {
            return className.startsWith(pattern.substring(0, pattern.length() - 1));
        }
        return className.startsWith(pattern) && className.charAt(pattern.length()) == '$';
    }

    /** The class that an array is of, empty for primitives; other names as they are. */
    private static String elementOf(String className) {
        if (!className.startsWith("[")) {
            return className;
        }
        int dimensions = className.lastIndexOf('[') + 1;
        return className.charAt(dimensions) == 'L' ? className.substring(dimensions + 1, className.length() - 1) : "";
    }

    @Override
    public String toString() {
        return patterns.isEmpty() ? "value types of the JDK" : "value types of the JDK, " + String.join(", ", patterns);
    }

    private static final class UntrustedClassException extends InvalidClassException {

        private static final long serialVersionUID = 1L;

        UntrustedClassException(String className) {
            super(className, "not trusted");
        }
    }

    /** A stream that asks the trust before it loads a class, and that bounds what is made. */
    private final class TrustedInput extends ObjectInputStream {

        private final long arrayLengthMax;

        private final int depthMax = patterns.isEmpty() ? DEPTH_MAX_JDK : DEPTH_MAX;

        /** Why the filter refused; null as long as it did not. */
        private String refusal;

        TrustedInput(byte[] bytes, int offset, int length) throws IOException {
            super(new ByteArrayInputStream(bytes, offset, length));
            arrayLengthMax = Math.max(ARRAY_LENGTH_FREE, (long) ARRAY_LENGTH_PER_BYTE * length);
            ObjectInputFilter ours = this::check;
            // One that the JVM was started with goes on holding.
            setObjectInputFilter(ObjectInputFilter.merge(ours, getObjectInputFilter()));
        }

        Serializable readTrusted() throws IOException, ClassNotFoundException {
            try {
                return (Serializable) readObject();
            } catch (InvalidClassException e) {
                if (refusal == null) {
                    throw e;
                }
                throw new IOException(refusal, e);
            }
        }

        private ObjectInputFilter.Status check(ObjectInputFilter.FilterInfo info) {
            Class<?> type = info.serialClass();
            if (info.depth() > depthMax) {
                refusal = "it is more than " + depthMax + " objects deep";
            } else if (info.arrayLength() > arrayLengthMax) {
                refusal = "an array claims " + info.arrayLength() + " places, more than its bytes can fill";
            } else if (type != null && !permits(type.getName())) {
                refusal = "it holds a " + type.getName() + ", which " + SETTING + " does not name";
            }
            return refusal == null ? ObjectInputFilter.Status.UNDECIDED : ObjectInputFilter.Status.REJECTED;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            String name = description.getName();
            if (!permits(name)) {
                throw new UntrustedClassException(name);
            }
            for (ClassLoader loader : loaders()) {
                try {
                    return Class.forName(name, false, loader);
                } catch (ClassNotFoundException absent) {
                    // The next loader may have it; the last word is with the JDK's own way.
                    continue;
                }
            }
            return super.resolveClass(description);
        }

        @Override
        protected Class<?> resolveProxyClass(String[] interfaces) throws IOException, ClassNotFoundException {
            for (String name : interfaces) {
                if (!permits(name)) {
                    throw new UntrustedClassException(name);
                }
            }
            return super.resolveProxyClass(interfaces);
        }

        private List<ClassLoader> loaders() {
            ClassLoader context = Thread.currentThread().getContextClassLoader();
            ClassLoader own = ObjectTrust.class.getClassLoader();
            return context == null ? List.of(own) : List.of(context, own);
        }
    }
}
