package io.posthorn.server.cli;

import io.posthorn.server.config.ConfigException;
import io.posthorn.server.config.Key;
import io.posthorn.server.config.ServerSettings;
import io.posthorn.server.config.SettingsLoader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The options that say which settings hold, the same for each command. Filled by the library, or by {@link QuickStart}. */
final class SettingsOptions {

    @Option(names = "--data", paramLabel = "DIR", description = "Folder of the data (default: ./posthorn-data).")
    String data;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML file with settings.")
    Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting, as in docs/configuration.md; may be repeated.")
    Map<String, String> settings = new LinkedHashMap<>();

    /** {@code more} are settings by key from options of the command, with the option's name for errors. */
    ServerSettings load(Map<Key, Map.Entry<String, String>> more, Consumer<String> onWarning) throws ConfigException {
        SettingsLoader loader = new SettingsLoader();
        if (config != null) {
            loader.file(config);
        }
        loader.environment(System.getenv()).properties(systemProperties());
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            loader.set(setting.getKey(), setting.getValue(), "--set " + setting.getKey());
        }
        if (data != null) {
            loader.set(Key.DATA.id(), data, "--data");
        }
        for (Map.Entry<Key, Map.Entry<String, String>> option : more.entrySet()) {
            loader.set(
                    option.getKey().id(),
                    option.getValue().getValue(),
                    option.getValue().getKey());
        }
        loader.warnings().forEach(onWarning);
        return loader.load();
    }

    private static Map<String, String> systemProperties() {
        Properties properties = System.getProperties();
        Map<String, String> texts = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(name -> texts.put(name, properties.getProperty(name)));
        return texts;
    }
}
