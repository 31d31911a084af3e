package io.posthorn.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePathScanner;
import io.posthorn.house.Sources.Source;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The budgets of {@code docs/testing.md}. A rule that makes code worse is broken by an exemption here, with its reason. */
class HouseRulesTest {

    private static final int FILE_LINES_MAX = 600;
    private static final int FILE_LINES_MEAN_MAX = 150;
    private static final int METHOD_LINES_MAX = 70;
    private static final int CLASS_METHODS_MAX = 40;
    private static final int CLASS_FIELDS_MAX = 20;
    private static final int INTERFACE_METHODS_MAX = 12;
    private static final int PARAMETERS_MAX = 7;
    private static final int PACKAGE_FILES_MAX = 15;

    /** One method per frame or record: the protocol's and the log's tables decide how many there are. */
    private static final Set<String> TABLES = Set.of("Handler", "Visitor", "Connection", "DurableState");

    /** The two seams that carry a whole half of the product each; split, they would have to be passed around together. */
    private static final Set<String> WIDE_SEAMS = Set.of("EngineConnection", "Journal");

    private static final Pattern WEAK_NAME = Pattern.compile(".*(Impl|Manager|Util|Utils|Helper)");

    private static final Pattern BANNED_IN_MAIN =
            Pattern.compile("System\\.out\\.|System\\.err\\.|printStackTrace\\(|\\bTODO\\b|\\bFIXME\\b");

    /** What each module may import of the others; nothing else of ours. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "jca-adapter/adapter", Set.of("jms"),
            "jms-provider/wire", Set.of(),
            "jms-provider/engine", Set.of("wire"),
            "jms-provider/client", Set.of("engine", "wire"),
            "server/journal", Set.of(),
            "server/testkit", Set.of("journal"),
            "server/broker", Set.of("journal", "wire"),
            "server/gateway", Set.of("broker", "journal", "wire"),
            "server/admin", Set.of("broker", "gateway", "wire"),
            "server/app", Set.of("admin", "broker", "gateway", "journal", "wire", "engine"));

    private static final Map<String, String> PACKAGE_OF_MODULE = Map.of(
            "jca-adapter/adapter", "ra",
            "jms-provider/wire", "wire",
            "jms-provider/engine", "engine",
            "jms-provider/client", "jms",
            "server/journal", "journal",
            "server/testkit", "testkit",
            "server/broker", "broker",
            "server/gateway", "gateway",
            "server/admin", "admin",
            "server/app", "server");

    private static List<Source> sources;

    @BeforeAll
    static void readSources() throws IOException {
        sources = Sources.read();
    }

    @Test
    void shouldFindTheSources() {
        assertThat(sources).hasSizeGreaterThan(100);
    }

    @Test
    void shouldKeepFilesShort() {
        List<String> long600 = new ArrayList<>();
        long sum = 0;
        for (Source source : sources) {
            int lines = source.lines().size();
            sum += lines;
            if (lines > FILE_LINES_MAX) {
                long600.add(source.path() + ": " + lines + " lines");
            }
        }
        assertThat(long600).isEmpty();
        assertThat(sum / sources.size()).isLessThan(FILE_LINES_MEAN_MAX);
    }

    @Test
    void shouldKeepMethodsOnOneScreenAndClassesSmall() {
        List<String> offences = new ArrayList<>();
        for (Source source : sources) {
            new Budgets(source, offences).scan(source.tree(), null);
        }
        assertThat(offences).isEmpty();
    }

    @Test
    void shouldGiveEveryPackageASignOnItsDoorAndAFewRooms() {
        Map<String, List<Source>> packages = new TreeMap<>();
        for (Source source : sources) {
            if (!source.isTest()) {
                packages.computeIfAbsent(source.path().getParent().toString(), key -> new ArrayList<>())
                        .add(source);
            }
        }
        List<String> offences = new ArrayList<>();
        packages.forEach((folder, files) -> {
            if (files.stream().noneMatch(file -> file.path().endsWith("package-info.java"))) {
                offences.add(folder + ": no package-info.java");
            }
            long classes = files.stream()
                    .filter(file -> !file.path().endsWith("package-info.java"))
                    .count();
            if (classes > PACKAGE_FILES_MAX) {
                offences.add(folder + ": " + classes + " files");
            }
        });
        assertThat(offences).isEmpty();
    }

    @Test
    void shouldImportOnlyAlongTheArrows() {
        List<String> offences = new ArrayList<>();
        for (Source source : sources) {
            Set<String> allowed = ARROWS.get(source.module());
            if (allowed == null || source.isTest()) {
                continue;
            }
            Set<String> open = new TreeSet<>(allowed);
            open.add(PACKAGE_OF_MODULE.get(source.module()));
            for (ImportTree imported : source.tree().getImports()) {
                String name = imported.getQualifiedIdentifier().toString();
                String prefix = "io.posthorn.";
                if (name.startsWith(prefix)) {
                    String target = name.substring(prefix.length(), name.indexOf('.', prefix.length()));
                    if (!open.contains(target)) {
                        offences.add(source.path() + " imports " + name);
                    }
                }
                boolean knowsJms = (name.startsWith("jakarta.jms") || name.startsWith("javax.jms"))
                        && !Set.of("jms-provider/client", "jca-adapter/adapter").contains(source.module());
                boolean knowsNetty = name.startsWith("io.netty")
                        && Set.of("server/broker", "server/journal", "jms-provider/client", "jca-adapter/adapter")
                                .contains(source.module());
                if (knowsJms || knowsNetty) {
                    offences.add(source.path() + " imports " + name);
                }
            }
        }
        assertThat(offences).isEmpty();
    }

    @Test
    void shouldMakeWhatIsForJavaxWithoutASecondSource() {
        assertThat(sources)
                .filteredOn(source -> Set.of("jms-provider/client-javax", "jca-adapter/rar-javax")
                                .contains(source.module())
                        && !source.isTest())
                .isEmpty();
    }

    @Test
    void shouldKeepBrokerFreeOfThreadsClockAndChance() {
        Pattern banned = Pattern.compile("Thread\\.|System\\.(currentTimeMillis|nanoTime)|new Random|randomUUID|"
                + "Instant\\.now|java\\.(io|nio\\.file|net)\\.|Executor");
        List<String> offences = new ArrayList<>();
        for (Source source : sources) {
            if ("server/broker".equals(source.module()) && !source.isTest()) {
                offences.addAll(find(source, banned));
            }
        }
        assertThat(offences).isEmpty();
    }

    @Test
    void shouldUseNoBannedWords() {
        List<String> offences = new ArrayList<>();
        for (Source source : sources) {
            String path = source.path().toString();
            boolean talksToPeople = path.startsWith("examples/") || path.contains("/cli/");
            if (!source.isTest() && !talksToPeople) {
                offences.addAll(find(source, BANNED_IN_MAIN));
            }
            if (source.isTest() && !path.contains("house-rules")) {
                offences.addAll(find(source, Pattern.compile("Thread\\.sleep|TimeUnit\\.\\w+\\.sleep|@Disabled")));
            }
        }
        assertThat(offences).isEmpty();
    }

    private static List<String> find(Source source, Pattern pattern) {
        List<String> found = new ArrayList<>();
        List<String> lines = source.lines();
        for (int index = 0; index < lines.size(); index++) {
            if (pattern.matcher(lines.get(index)).find()) {
                found.add(source.path() + ":" + (index + 1) + ": "
                        + lines.get(index).trim());
            }
        }
        return found;
    }

    /** Measures the classes and methods of one file. */
    private static final class Budgets extends TreePathScanner<Void, Void> {

        private final Source source;
        private final List<String> offences;

        Budgets(Source source, List<String> offences) {
            this.source = source;
            this.offences = offences;
        }

        @Override
        public Void visitClass(ClassTree tree, Void unused) {
            String name = tree.getSimpleName().toString();
            Map<Tree.Kind, Integer> members = new HashMap<>();
            for (Tree member : tree.getMembers()) {
                if (member instanceof VariableTree field) {
                    checkStatic(name, field);
                    if (!field.getModifiers().getFlags().contains(Modifier.STATIC)) {
                        members.merge(Tree.Kind.VARIABLE, 1, Integer::sum);
                    }
                } else if (member instanceof MethodTree) {
                    members.merge(Tree.Kind.METHOD, 1, Integer::sum);
                }
            }
            int methods = members.getOrDefault(Tree.Kind.METHOD, 0);
            boolean isInterface = tree.getKind() == Tree.Kind.INTERFACE;
            boolean dictated = TABLES.contains(name) || WIDE_SEAMS.contains(name) || isDictated(tree);
            check(
                    !dictated
                            && !source.isTest()
                            && methods > (isInterface ? INTERFACE_METHODS_MAX : CLASS_METHODS_MAX),
                    name + ": " + methods + " methods");
            int fields = members.getOrDefault(Tree.Kind.VARIABLE, 0);
            boolean plain = tree.getKind() == Tree.Kind.CLASS;
            check(plain && fields > CLASS_FIELDS_MAX, name + ": " + fields + " fields");
            check(WEAK_NAME.matcher(name).matches(), name + ": a name that says little");
            return super.visitClass(tree, unused);
        }

        @Override
        public Void visitMethod(MethodTree tree, Void unused) {
            if (tree.getBody() != null) {
                long start = source.line(source.positions().getStartPosition(source.tree(), tree));
                long end = source.line(source.positions().getEndPosition(source.tree(), tree));
                check(end - start + 1 > METHOD_LINES_MAX, tree.getName() + ": " + (end - start + 1) + " lines");
            }
            boolean isRecord = getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.RECORD;
            check(
                    !isRecord && tree.getParameters().size() > PARAMETERS_MAX,
                    tree.getName() + ": " + tree.getParameters().size() + " parameters");
            return super.visitMethod(tree, unused);
        }

        private void checkStatic(String owner, VariableTree field) {
            Set<Modifier> flags = field.getModifiers().getFlags();
            boolean constantOfInterface = getCurrentPath().getLeaf().getKind() == Tree.Kind.INTERFACE;
            boolean constantOfEnum = getCurrentPath().getLeaf().getKind() == Tree.Kind.ENUM;
            check(
                    !source.isTest()
                            && flags.contains(Modifier.STATIC)
                            && !flags.contains(Modifier.FINAL)
                            && !constantOfInterface
                            && !constantOfEnum,
                    owner + "." + field.getName() + ": static mutable state");
        }

        /** Types whose method list a specification dictates, or that only put its calls through. */
        private boolean isDictated(ClassTree tree) {
            String path = source.path().toString();
            return (path.startsWith("jms-provider/client") || path.startsWith("jca-adapter/adapter"))
                    && (!tree.getImplementsClause().isEmpty() || tree.getExtendsClause() != null);
        }

        private void check(boolean offends, String text) {
            if (offends) {
                offences.add(source.path() + ": " + text);
            }
        }
    }
}
