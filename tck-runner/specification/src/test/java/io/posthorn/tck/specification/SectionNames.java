package io.posthorn.tck.specification;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.DisplayNameGenerator;

/** Shows a test as {@code 6.2.10 should acknowledge all that its session delivered}. Used once by JUnit, on its thread. */
public final class SectionNames extends DisplayNameGenerator.Standard {

    @Override
    public String generateDisplayNameForMethod(List<Class<?>> enclosing, Class<?> testClass, Method method) {
        Section section = method.getAnnotation(Section.class);
        String words = method.getName().replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
        return section == null ? words : String.join(", ", section.value()) + " " + words;
    }
}
