package io.posthorn.server.config;

import java.nio.file.Path;

/** Where a setting stands, for error texts. */
public record Place(String label, boolean hasLines) {

    public static Place file(Path file) {
        return new Place(file.toString(), true);
    }

    public static Place of(String label) {
        return new Place(label, false);
    }

    public String at(int line) {
        return hasLines ? label + ":" + line : label;
    }
}
