package io.posthorn.examples.benchmark.provider;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All providers by name. */
public final class Providers {
    /** The one whose ratios are printed. */
    public static final String OWN = Posthorn.NAME;

    private Providers() {}

    /** Those that take part unless others are named. */
    public static List<String> usual() {
        return list().stream().map(Provider::name).toList();
    }

    /** These, and builds of Posthorn that were put aside. */
    public static Map<String, Provider> all() {
        Map<String, Provider> providers = new LinkedHashMap<>();
        list().forEach(provider -> providers.put(provider.name(), provider));
        Posthorn.putAside().forEach(build -> providers.putIfAbsent(build.name(), build));
        return providers;
    }

    private static List<Provider> list() {
        return List.of(new Posthorn(Posthorn.NAME), new Artemis(true), new Artemis(false), new Classic());
    }
}
