package io.posthorn.examples.benchmark.provider;

import java.util.ArrayList;
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
        return all().keySet().stream()
                .filter(name -> !name.equals(Posthorn.BASELINE))
                .toList();
    }

    public static Map<String, Provider> all() {
        List<Provider> list = new ArrayList<>(
                List.of(new Posthorn(Posthorn.NAME), new Artemis(true), new Artemis(false), new Classic()));
        if (Posthorn.hasBaseline()) {
            list.add(new Posthorn(Posthorn.BASELINE));
        }
        Map<String, Provider> providers = new LinkedHashMap<>();
        list.forEach(provider -> providers.put(provider.name(), provider));
        return providers;
    }
}
