package io.posthorn.jms.message;

import jakarta.jms.Message;
import jakarta.jms.MessageEOFException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Another provider's message: a bean behind one of the JMS interfaces. What is set is given back; properties, map entries,
 * stream items and bytes are kept in the fields here.
 */
final class ForeignMessage implements InvocationHandler {

    final Map<String, Object> beans = new LinkedHashMap<>();
    final Map<String, Object> properties = new LinkedHashMap<>();
    final Map<String, Object> entries = new LinkedHashMap<>();
    List<Object> items = List.of();
    byte[] bytes = {};

    /** What a call of this method throws. */
    final Map<String, Throwable> failures = new LinkedHashMap<>();

    private int position = -1;

    <M extends Message> M as(Class<M> type) {
        return type.cast(Proxy.newProxyInstance(ForeignMessage.class.getClassLoader(), new Class<?>[] {type}, this));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        String name = method.getName();
        if (failures.containsKey(name)) {
            throw failures.get(name);
        }
        return switch (name) {
            case "getPropertyNames" -> Collections.enumeration(properties.keySet());
            case "getObjectProperty" -> properties.get((String) arguments[0]);
            case "getMapNames" -> Collections.enumeration(entries.keySet());
            case "getObject" -> arguments == null ? beans.get("Object") : entries.get((String) arguments[0]);
            case "reset" -> {
                position = 0;
                yield null;
            }
            case "readObject" -> readObject();
            case "readBytes" -> readBytes((byte[]) arguments[0]);
            case "hashCode" -> System.identityHashCode(proxy);
            case "toString" -> "foreign message";
            default -> bean(method, arguments);
        };
    }

    private Object readObject() throws MessageEOFException {
        if (position == items.size()) {
            throw new MessageEOFException("end");
        }
        return items.get(position++);
    }

    private int readBytes(byte[] target) {
        int count = Math.min(target.length, bytes.length - position);
        System.arraycopy(bytes, position, target, 0, count);
        position += count;
        return count == 0 ? -1 : count;
    }

    private Object bean(Method method, Object[] arguments) {
        String bean = method.getName().substring(3);
        if (method.getName().startsWith("set")) {
            beans.put(bean, arguments[0]);
            return null;
        }
        return beans.get(bean);
    }
}
