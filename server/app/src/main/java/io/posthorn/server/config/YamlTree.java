package io.posthorn.server.config;

import java.util.List;

/** What a YAML text says, with the line where each part begins (the first is 1). */
public sealed interface YamlTree {

    int line();

    /** A plain value; its text as it was written, empty for nothing. */
    record Scalar(String text, int line) implements YamlTree {}

    record Items(List<YamlTree> items, int line) implements YamlTree {}

    record Fields(List<Field> fields, int line) implements YamlTree {}

    /** One name with its value. */
    record Field(String name, YamlTree value, int line) {}
}
