package io.posthorn.testkit.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The {@code TEST-*.xml} files that Surefire leaves, read into one result per class. */
final class ReportFolder {
    private static final String CAUSED_BY = "Caused by: ";

    private final Map<String, Tally> tallies = new TreeMap<>();

    private ReportFolder() {}

    static List<ClassResult> read(Path folder) throws IOException {
        ReportFolder results = new ReportFolder();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "TEST-*.xml")) {
                for (Path file : files) {
                    results.readFile(file);
                }
            }
        }
        return results.tallies.entrySet().stream()
                .map(entry -> entry.getValue().result(entry.getKey()))
                .toList();
    }

    private void readFile(Path file) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader xml = factory.createXMLStreamReader(in);
            while (xml.hasNext()) {
                if (xml.next() == XMLStreamConstants.START_ELEMENT
                        && xml.getLocalName().equals("testcase")) {
                    readCase(xml);
                }
            }
        } catch (XMLStreamException e) {
            throw new IOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Reads up to the end of one {@code testcase}; flaky and rerun entries are not expected and count for nothing. */
    private void readCase(XMLStreamReader xml) throws XMLStreamException {
        String test = xml.getAttributeValue(null, "name");
        String time = xml.getAttributeValue(null, "time");
        Tally tally = tallies.computeIfAbsent(xml.getAttributeValue(null, "classname"), name -> new Tally());
        tally.seconds += time == null ? 0 : Double.parseDouble(time.replace(",", ""));
        boolean skipped = false;
        while (!(xml.next() == XMLStreamConstants.END_ELEMENT
                && xml.getLocalName().equals("testcase"))) {
            if (xml.getEventType() == XMLStreamConstants.START_ELEMENT) {
                switch (xml.getLocalName()) {
                    case "failure", "error" -> tally.failures.add(test + ": " + cause(xml));
                    case "skipped" -> skipped = true;
                    default -> {}
                }
            }
        }
        if (skipped) {
            tally.skipped++;
        } else {
            tally.ran++;
        }
    }

    /** The message, and the innermost cause of the stack trace where there is one: suites like to wrap it. */
    private static String cause(XMLStreamReader xml) throws XMLStreamException {
        String message = xml.getAttributeValue(null, "message");
        String type = xml.getAttributeValue(null, "type");
        String text = message == null || message.isBlank() ? String.valueOf(type) : message;
        String root = xml.getElementText()
                .lines()
                .filter(line -> line.startsWith(CAUSED_BY))
                .reduce("", (earlier, later) -> later);
        String first = text.lines().findFirst().orElse("").strip();
        return root.isEmpty() ? first : first + " (" + root.substring(CAUSED_BY.length()) + ")";
    }

    private static final class Tally {
        private final List<String> failures = new ArrayList<>();
        private int ran;
        private int skipped;
        private double seconds;

        private ClassResult result(String name) {
            return new ClassResult(name, ran, skipped, failures, seconds);
        }
    }
}
