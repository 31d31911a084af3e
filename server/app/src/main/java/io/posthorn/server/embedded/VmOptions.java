package io.posthorn.server.embedded;

import io.posthorn.server.config.ConfigException;
import io.posthorn.server.config.DestinationRule;
import io.posthorn.server.config.NearestName;
import io.posthorn.server.config.ServerSettings;
import io.posthorn.server.config.SettingsLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a {@code vm://} URL may say about its server.
 *
 * @param data folder of the data, or null for a temporary one that ends with the server
 * @param persistent whether messages that were confirmed survive the machine, not only the process
 * @param keep whether the server outlives its last connection
 * @param config YAML file with settings, or null
 */
record VmOptions(Path data, boolean persistent, boolean keep, Path config) {

    private static final List<String> KNOWN = List.of("data", "persistent", "keep", "config");

    static VmOptions parse(Map<String, String> options) throws ConfigException {
        for (String name : options.keySet()) {
            if (!KNOWN.contains(name)) {
                throw new ConfigException(
                        "unknown option '" + name + "' of a vm:// URL" + NearestName.hint(name, KNOWN));
            }
        }
        boolean persistent = yesOrNo(options, "persistent", true);
        Path data = path(options, "data");
        if (data != null && !persistent) {
            throw new ConfigException("a vm:// URL says data=" + data
                    + " and persistent=false; with persistent=false the data is temporary, so leave one of them out");
        }
        return new VmOptions(data, persistent, yesOrNo(options, "keep", false), path(options, "config"));
    }

    /** {@code folder} is {@link #data}, or the temporary one. */
    ServerSettings settings(Path folder) throws ConfigException {
        SettingsLoader loader = new SettingsLoader();
        if (config != null) {
            loader.file(config);
        }
        ServerSettings settings = loader.load().withData(folder);
        return persistent ? settings : settings.withDestinations(List.of(DestinationRule.asyncFlush("*")));
    }

    private static Path path(Map<String, String> options, String name) throws ConfigException {
        String text = options.get(name);
        if (text == null) {
            return null;
        }
        if (text.isEmpty()) {
            throw new ConfigException("option '" + name + "' of a vm:// URL has no value");
        }
        return Path.of(text);
    }

    private static boolean yesOrNo(Map<String, String> options, String name, boolean otherwise) throws ConfigException {
        String text = options.getOrDefault(name, String.valueOf(otherwise));
        if (!text.equals("true") && !text.equals("false")) {
            throw new ConfigException("option '" + name + "' of a vm:// URL is true or false, not '" + text + "'");
        }
        return text.equals("true");
    }
}
