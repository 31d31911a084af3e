package io.posthorn.jms.jndi;

import java.util.Collection;
import java.util.List;
import javax.naming.ConfigurationException;
import javax.naming.Name;
import javax.naming.NameNotFoundException;
import javax.naming.OperationNotSupportedException;

/** The errors of this package, each with the key or name, the cause, and what to do. */
final class Failures {

    private Failures() {}

    static ConfigurationException configuration(String key, Exception cause) {
        ConfigurationException failure = new ConfigurationException(key + ": " + cause.getMessage());
        failure.setRootCause(cause);
        return failure;
    }

    static NameNotFoundException notFound(String name, Name remaining, Collection<String> known) {
        List<String> near = NearNames.of(name, known);
        String hint;
        if (!near.isEmpty()) {
            hint = "near to it are: " + String.join(", ", near);
        } else if (known.isEmpty()) {
            hint = "no names are bound here";
        } else {
            hint = "names are: "
                    + String.join(", ", known.stream().sorted().limit(20).toList())
                    + (known.size() > 20 ? ", and " + (known.size() - 20) + " more" : "");
        }
        NameNotFoundException failure = new NameNotFoundException("'" + name + "' is not bound; " + hint
                + ". Entries are queue.NAME=..., topic.NAME=... and connectionFactory.NAME=... of the JNDI environment; "
                + "dynamicQueues/NAME and dynamicTopics/NAME need none");
        failure.setRemainingName(remaining);
        return failure;
    }

    static OperationNotSupportedException readOnly(String operation, Object name) {
        return new OperationNotSupportedException(
                operation + "(" + name + "): this context only reads. Add an entry such as "
                        + "queue.NAME=..., topic.NAME=... or connectionFactory.NAME=... to the JNDI environment (jndi.properties)");
    }
}
