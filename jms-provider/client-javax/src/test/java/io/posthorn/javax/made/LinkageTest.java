package io.posthorn.javax.made;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.javax.made.ClassFile.Member;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.jms.Connection;
import org.junit.jupiter.api.Test;

/**
 * Links the whole client against {@code javax.jms} 2.0, as the JVM would do it piece by piece when the code is reached: a call that only
 * JMS 3.1 has (the exceptions' constructors with a cause, for one) is found here and not by the first user who reaches it.
 */
class LinkageTest {
    private static final int CLASSES_MIN = 80;

    /** Their methods take any arguments, so that no declared one matches (Java specification 15.12.3). */
    private static final Set<String> WITHOUT_FIXED_SIGNATURE =
            Set.of(MethodHandle.class.getName(), VarHandle.class.getName());

    private final ClassLoader loader = LinkageTest.class.getClassLoader();

    @Test
    void shouldBeTestedAgainstJms20() throws Exception {
        assertThat(Connection.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .contains("jms-api-2.0");
        assertThat(problemOf(new Member(
                        "javax.jms.JMSException",
                        "<init>",
                        "(Ljava/lang/String;Ljava/lang/String;Ljava/lang/Exception;)V")))
                .as("a constructor of JMS 3.1 only")
                .contains("NoSuchMethodException");
    }

    @Test
    void shouldLoadAndInitialiseEveryClass() throws Exception {
        List<String> names = MadeFiles.classNames();

        assertThat(names).hasSizeGreaterThan(CLASSES_MIN);
        for (String name : names) {
            assertThat(Class.forName(name, true, loader)).as(name).isNotNull();
        }
    }

    @Test
    void shouldReachNothingThatIsNotThere() throws IOException {
        List<String> problems = new ArrayList<>();
        int references = 0;
        for (String name : MadeFiles.classNames()) {
            ClassFile file = new ClassFile(MadeFiles.bytes(MadeFiles.CLASSES, name.replace('.', '/') + ".class"));
            for (String reached : file.classes()) {
                references++;
                note(problems, name, reached, problemOf(reached));
            }
            for (Member member : file.members()) {
                references++;
                note(problems, name, member.toString(), problemOf(member));
            }
        }

        assertThat(references).isGreaterThan(CLASSES_MIN);
        assertThat(problems).isEmpty();
    }

    @Test
    void shouldLeaveNoMethodOfTheSpecificationOpen() throws ClassNotFoundException {
        List<String> open = new ArrayList<>();
        for (String name : MadeFiles.classNames()) {
            Class<?> made = Class.forName(name, false, loader);
            if (!Modifier.isAbstract(made.getModifiers())) {
                Arrays.stream(made.getMethods())
                        .filter(method -> Modifier.isAbstract(method.getModifiers()))
                        .forEach(method -> open.add(name + " does not implement " + method));
            }
        }

        assertThat(open).isEmpty();
    }

    private static void note(List<String> problems, String from, String to, String problem) {
        if (problem != null) {
            problems.add(from + " reaches " + to + ": " + problem);
        }
    }

    /** Why the class cannot be reached; null when it can. */
    private String problemOf(String name) {
        try {
            Class.forName(name, false, loader);
            return null;
        } catch (ClassNotFoundException | LinkageError e) {
            return e.toString();
        }
    }

    /** Why the field or method cannot be reached; null when it can. */
    private String problemOf(Member member) {
        if (WITHOUT_FIXED_SIGNATURE.contains(member.owner())) {
            return null;
        }
        try {
            Class<?> owner = Class.forName(member.owner(), false, loader);
            if (member.isField()) {
                String type = "()" + member.descriptor();
                boolean found = hasField(owner, member.name(), typeOf(type).returnType());
                return found ? null : "NoSuchFieldException";
            }
            MethodType type = typeOf(member.descriptor());
            if (member.isConstructor()) {
                return hasConstructor(owner, type) ? null : "NoSuchMethodException";
            }
            return hasMethod(owner, member.name(), type) ? null : "NoSuchMethodException";
        } catch (ClassNotFoundException | TypeNotPresentException | LinkageError e) {
            return e.toString();
        }
    }

    private MethodType typeOf(String descriptor) {
        return MethodType.fromMethodDescriptorString(descriptor, loader);
    }

    private static boolean hasField(Class<?> owner, String name, Class<?> type) {
        return ancestry(owner).stream()
                .flatMap(each -> Arrays.stream(each.getDeclaredFields()))
                .anyMatch(field -> field.getName().equals(name) && field.getType() == type);
    }

    private static boolean hasConstructor(Class<?> owner, MethodType type) {
        return Arrays.stream(owner.getDeclaredConstructors())
                .anyMatch(each -> Arrays.equals(each.getParameterTypes(), type.parameterArray()));
    }

    private static boolean hasMethod(Class<?> owner, String name, MethodType type) {
        return ancestry(owner).stream()
                .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                .anyMatch(method -> method.getName().equals(name) && isOfType(method, type));
    }

    private static boolean isOfType(Method method, MethodType type) {
        return method.getReturnType() == type.returnType()
                && Arrays.equals(method.getParameterTypes(), type.parameterArray());
    }

    /** The class, what it extends and implements, and Object, whose methods interfaces have too. */
    private static List<Class<?>> ancestry(Class<?> owner) {
        List<Class<?>> all = new ArrayList<>(List.of(owner, Object.class));
        for (int index = 0; index < all.size(); index++) {
            Class<?> each = all.get(index);
            if (each.getSuperclass() != null) {
                all.add(each.getSuperclass());
            }
            all.addAll(List.of(each.getInterfaces()));
        }
        return all;
    }
}
