package io.posthorn.examples.benchmark.provider;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All providers by name. */
public final class Providers {
    /** The one whose ratios are printed. */
    public static final String OWN = new Posthorn().name();

    private Providers() {}

    public static Map<String, Provider> all() {
        Map<String, Provider> providers = new LinkedHashMap<>();
        for (Provider provider : List.of(new Posthorn(), new Artemis(true), new Artemis(false), new Classic())) {
            providers.put(provider.name(), provider);
        }
        return providers;
    }
}
