package io.posthorn.tck.specification;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The sections of the specification, by number, that a test holds to; the one that it is mostly about comes first. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Section {
    String[] value();
}
