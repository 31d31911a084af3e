package io.posthorn.examples.benchmark.provider;

import io.posthorn.examples.benchmark.scenario.Outcome;
import io.posthorn.examples.benchmark.scenario.Round;
import io.posthorn.examples.benchmark.scenario.ScenarioException;
import io.posthorn.examples.benchmark.scenario.Worker;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A {@link Worker} in a process of its own, with the class path of one provider. */
final class WorkerProcess implements AutoCloseable {
    private final JavaProcess process;
    private final BufferedReader answers;

    private WorkerProcess(JavaProcess process) {
        this.process = process;
        this.answers = process.process().inputReader(StandardCharsets.UTF_8);
    }

    /** Starts it for a row of a table and waits until its scenario is open. */
    static WorkerProcess start(Provider provider, Site site, String table, int row) throws IOException {
        Files.writeString(
                site.folder().resolve("jndi.properties"),
                provider.jndi(site.port()).entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                        .collect(Collectors.joining()));
        String classPath = String.join(
                File.pathSeparator,
                site.folder().toString(),
                Site.ownCode().toString(),
                site.target().resolve("lib") + "/*",
                site.classPath(provider));
        List<String> arguments = new ArrayList<>(site.options().worker());
        arguments.addAll(List.of("-cp", classPath, Worker.class.getName(), table, String.valueOf(row)));
        WorkerProcess worker = new WorkerProcess(
                JavaProcess.start(provider.name() + " worker", site.folder().resolve("worker.log"), true, arguments));
        try {
            String answer = worker.answer();
            if (!answer.equals(Worker.READY)) {
                throw worker.process.failure("answered " + answer);
            }
        } catch (IOException | RuntimeException e) {
            worker.close();
            throw e;
        }
        return worker;
    }

    Outcome run(Round round) throws IOException {
        process.process()
                .outputWriter(StandardCharsets.UTF_8)
                .append(String.valueOf(round.duration().toMillis()))
                .append(" ")
                .append(String.valueOf(round.scale()))
                .append("\n")
                .flush();
        return Outcome.parse(answer());
    }

    private String answer() throws IOException {
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(Worker.MARK)) {
                String answer = line.substring(Worker.MARK.length());
                if (answer.startsWith(Worker.FAILED)) {
                    throw new ScenarioException(answer.substring(Worker.FAILED.length()));
                }
                return answer;
            }
        }
        throw process.failure("ended");
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.close();
    }
}
