package io.posthorn.server.cli.admin;

import io.posthorn.admin.model.DiskItem;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What holds the disk of a running server. */
@Command(name = "disk", description = "Say what holds the disk of a running server.")
public final class DiskCommand implements Callable<Integer> {

    @Mixin
    private Desk desk;

    @Override
    public Integer call() throws AdminException {
        DiskItem disk = desk.get(Desk.path(List.of("disk"), Map.of()), DiskItem.class);
        if (desk.isJson()) {
            desk.printJson(disk);
            return 0;
        }
        desk.print("data folder  " + disk.folder());
        desk.print("disk         " + Units.bytes(disk.free()) + " free; with less than " + Units.bytes(disk.freeMin())
                + " persistent messages are refused (disk-free-min)");
        desk.print("senders      " + (disk.pressure() == null ? "are taken" : "are refused: " + disk.pressure()));
        desk.print("");
        new Table("LOG", ">FILES", ">WRITTEN", ">NEEDED")
                .row(
                        "journal",
                        disk.journal().segments(),
                        Units.bytes(disk.journal().bytes()),
                        Units.bytes(disk.journal().neededBytes()))
                .row(
                        "scratch",
                        disk.scratch().segments(),
                        Units.bytes(disk.scratch().bytes()),
                        Units.bytes(disk.scratch().neededBytes()))
                .print(desk::print);
        if (!disk.largest().isEmpty()) {
            desk.print("");
            Table largest = new Table("HOLDS MOST", ">MESSAGES", ">BYTES");
            disk.largest()
                    .forEach(holder -> largest.row(holder.what(), holder.messages(), Units.bytes(holder.bytes())));
            largest.print(desk::print);
        }
        desk.print("");
        desk.print("prepared transactions hold " + Units.bytes(disk.preparedBytes()));
        desk.print("still to be given back of purged and dropped queues: " + disk.pagesToClear() + " pages");
        desk.print("lists of waiting messages in memory: " + Units.bytes(disk.memoryIndexBytes()));
        return 0;
    }
}
