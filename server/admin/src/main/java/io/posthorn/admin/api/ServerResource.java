package io.posthorn.admin.api;

import io.posthorn.admin.AdminHost;
import io.posthorn.admin.model.ConnectionItem;
import io.posthorn.admin.model.DiskItem;
import io.posthorn.admin.model.Outcome;
import io.posthorn.admin.model.Page;
import io.posthorn.broker.StoreReport;
import io.posthorn.broker.admin.DiskLine;
import io.posthorn.broker.connection.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What concerns the server as a whole: connections and disk. */
final class ServerResource {

    private final AdminHost host;

    ServerResource(AdminHost host) {
        this.host = host;
    }

    Page<ConnectionItem> connections(Call call) throws Problem {
        call.checkServer();
        List<Registry.ConnectionLine> lines =
                Answers.await(host.link().ask(admin -> admin.inventory().connections()));
        List<ConnectionItem> items = lines.stream()
                .limit(Names.LIMIT_MAX)
                .map(line -> new ConnectionItem(
                        line.id().toString(),
                        line.clientId(),
                        line.user(),
                        line.peer(),
                        line.connected(),
                        Instant.ofEpochMilli(line.sinceMs()).toString(),
                        line.consumers()))
                .toList();
        return new Page<>(lines.size(), items, null);
    }

    Outcome closeConnection(Call call) throws Problem {
        call.checkServer();
        UUID id = idOf(call.name());
        Answers.await(host.link().order(admin -> admin.changes().closeConnection(id)));
        return Outcome.of("Closed connection " + id, 0);
    }

    private static UUID idOf(String text) throws Problem {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException noId) {
            throw new Problem(404, "there is no connection '" + text + "'; the list of connections has their IDs");
        }
    }

    DiskItem disk(Call call) throws Problem, IOException {
        call.checkServer();
        DiskLine line = Answers.await(host.link().ask(admin -> admin.inventory().disk()));
        return new DiskItem(
                host.data().toString(),
                Files.getFileStore(host.data()).getUsableSpace(),
                host.diskFreeMin(),
                host.pressure().orElse(null),
                log(line.journal()),
                log(line.scratch()),
                line.pagesToClear(),
                line.preparedBytes(),
                line.memoryIndexBytes(),
                new Largest(host.link()).find());
    }

    private static DiskItem.LogItem log(StoreReport.LogLine line) {
        return new DiskItem.LogItem(line.segments(), line.totalBytes(), line.liveBytes());
    }
}
