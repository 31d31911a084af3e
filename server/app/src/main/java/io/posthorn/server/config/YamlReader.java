package io.posthorn.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The only class that knows the YAML library, so that a server without any YAML does not load it. */
public final class YamlReader {

    /** A file of settings has no business to be longer, in bytes. */
    private static final long FILE_LENGTH_MAX = 4 << 20;

    private final Place place;

    private YamlReader(Place place) {
        this.place = place;
    }

    /** Reads a whole file; empty for a file without content. */
    public static Optional<YamlTree> read(Path file) throws ConfigException {
        try {
            if (Files.size(file) > FILE_LENGTH_MAX) {
                throw new ConfigException(
                        file + ": longer than " + FILE_LENGTH_MAX + " bytes; is this the right file?");
            }
            return parse(Files.readString(file), Place.file(file));
        } catch (NoSuchFileException e) {
            throw new ConfigException(file + ": no such file", e);
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be read as UTF-8 text: " + e, e);
        }
    }

    /** Parses a text; {@code place} is where it came from. */
    public static Optional<YamlTree> parse(String text, Place place) throws ConfigException {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(place.label())
                .setMaxAliasesForCollections(0)
                .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            return root.isEmpty() ? Optional.empty() : Optional.of(new YamlReader(place).tree(root.get(), 0));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
            throw new ConfigException(place.at(line) + ": not valid YAML: " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new ConfigException(place.at(1) + ": not valid YAML: " + e.getMessage(), e);
        }
    }

    private YamlTree tree(Node node, int depth) throws ConfigException {
        int line = lineOf(node);
        if (depth > 8) {
            throw new ConfigException(place.at(line) + ": nested too deeply");
        }
        if (node instanceof ScalarNode scalar) {
            return new YamlTree.Scalar(scalar.getValue(), line);
        } else if (node instanceof SequenceNode sequence) {
            List<YamlTree> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(tree(item, depth + 1));
            }
            return new YamlTree.Items(items, line);
        } else if (node instanceof MappingNode mapping) {
            return fields(mapping, line, depth);
        }
        throw new ConfigException(place.at(line) + ": anchors and aliases are not supported");
    }

    private YamlTree fields(MappingNode mapping, int line, int depth) throws ConfigException {
        List<YamlTree.Field> fields = new ArrayList<>();
        Map<String, Integer> seen = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int keyLine = lineOf(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new ConfigException(place.at(keyLine) + ": a key must be plain text");
            }
            Integer before = seen.put(key.getValue(), keyLine);
            if (before != null) {
                throw new ConfigException(
                        place.at(keyLine) + ": '" + key.getValue() + "' stands there twice, first in line " + before);
            }
            fields.add(new YamlTree.Field(key.getValue(), tree(tuple.getValueNode(), depth + 1), keyLine));
        }
        return new YamlTree.Fields(fields, line);
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }
}
