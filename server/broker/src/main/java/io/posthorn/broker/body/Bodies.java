package io.posthorn.broker.body;

import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.ByteWriter;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.Manifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * All long bodies: those that are on their way, and those that messages need. A body is known by the number of its first
 * piece. What is in the log changes by replaying records, live and at recovery; pieces go only by a record that says so,
 * which is written when a body is found to be needed no more. After a restart, bodies that nothing in the log needs are
 * kept as long as the connection that sent them may come back and send their messages.
 */
public final class Bodies {

    /** The number of the queue whose entries are the pieces. */
    public static final long QUEUE = Long.MAX_VALUE;

    private final Map<Long, Body> byFirstPiece = new LinkedHashMap<>();
    private final Map<Upload, Body> uploads = new LinkedHashMap<>();
    private Releaser releaser;

    /** Whoever takes pieces out of their queue. */
    @FunctionalInterface
    public interface Releaser {
        /** Writes, if they are in the log, that these pieces are gone, and takes them out. */
        void release(EntryRanges pieces, boolean logged);
    }

    private record Upload(UUID connection, long number) {}

    /** From now on what is not needed any more is released. */
    public void goLive(Releaser newReleaser) {
        releaser = newReleaser;
    }

    /** Forgets all, to be told anew. */
    public void clear() {
        byFirstPiece.clear();
        uploads.clear();
    }

    /** The body that a connection is sending under this number, or null. */
    public Body upload(UUID connection, long upload) {
        return uploads.get(new Upload(connection, upload));
    }

    /** A piece is in its queue. */
    public void onPiece(PieceLabel label, long piece, int bytes, boolean logged) {
        Upload key = new Upload(label.connection(), label.upload());
        Body body = uploads.get(key);
        if (body == null) {
            body = new Body(label.connection(), label.upload(), logged);
            uploads.put(key, body);
            byFirstPiece.put(piece, body);
        }
        body.add(piece, bytes);
    }

    /** These pieces are gone, as the log says. */
    public void onReleased(EntryRanges pieces) {
        if (!pieces.isEmpty()) {
            forget(byFirstPiece.get(pieces.first(0)));
        }
    }

    /** The message of this body needs it from now on; the envelope is one whose body is apart. */
    public BodyHold hold(Envelope message, boolean logged) {
        Manifest manifest = Manifest.of(message);
        if (manifest.pieces().isEmpty()) {
            return null;
        }
        Body body = byFirstPiece.computeIfAbsent(
                manifest.pieces().first(0), first -> closed(new Body(new UUID(0, 0), 0, true, manifest)));
        return hold(body, logged);
    }

    private BodyHold hold(Body body, boolean logged) {
        if (logged) {
            body.logHolds++;
            body.sent = true;
        } else {
            body.volatileHolds++;
        }
        close(body);
        return new BodyHold(body, logged);
    }

    private static Body closed(Body body) {
        body.open = false;
        return body;
    }

    private void close(Body body) {
        if (body.open) {
            body.open = false;
            uploads.remove(new Upload(body.connection, body.upload));
        }
    }

    /** The same need, as another reading of the log knows it. */
    public BodyHold adopt(BodyHold other) {
        Manifest manifest = other.body().manifest();
        return hold(
                byFirstPiece.computeIfAbsent(
                        manifest.pieces().first(0),
                        first -> closed(new Body(other.body().connection, other.body().upload, true, manifest))),
                true);
    }

    /** It is needed by one less. */
    public void release(BodyHold hold) {
        Body body = hold.body();
        if (hold.logged()) {
            body.logHolds--;
        } else {
            body.volatileHolds--;
        }
        releaseIfUnneeded(body);
    }

    /** A unit of work needs it until it is decided. */
    public BodyHold keep(Body body) {
        return hold(body, false);
    }

    /** The client will not send its message; without effect once it has. */
    public void drop(UUID connection, long upload) {
        Body body = upload(connection, upload);
        if (body != null) {
            close(body);
            releaseIfUnneeded(body);
        }
    }

    /** A connection is over: what it has sent no message for will have none. */
    public void drop(UUID connection) {
        for (Upload key : List.copyOf(uploads.keySet())) {
            if (key.connection().equals(connection)) {
                drop(connection, key.number());
            }
        }
    }

    /** After a restart: releases what nothing in the log needs, and no connection that may come back is still sending. */
    public void dropOrphans(Set<UUID> awaited) {
        for (Body body : List.copyOf(byFirstPiece.values())) {
            if (body.sent || !awaited.contains(body.connection)) {
                close(body);
            }
            releaseIfUnneeded(body);
        }
    }

    private void releaseIfUnneeded(Body body) {
        if (releaser != null && !body.isNeeded()) {
            forget(body);
            releaser.release(body.pieces(), body.logged);
        }
    }

    private void forget(Body body) {
        if (body != null) {
            byFirstPiece.remove(body.pieces().first(0));
            uploads.remove(new Upload(body.connection, body.upload), body);
        }
    }

    /** All that there are. */
    public List<Body> all() {
        return List.copyOf(byFirstPiece.values());
    }

    /** How many there are. */
    public int count() {
        return byFirstPiece.size();
    }

    /** For a checkpoint: the bodies whose pieces are in the log, then who needs them, by queue. */
    public void write(ByteWriter out, Map<Long, Map<Long, BodyHold>> holdsByQueue) {
        List<Body> logged = new ArrayList<>();
        byFirstPiece.values().forEach(body -> {
            if (body.logged) {
                logged.add(body);
            }
        });
        out.writeVarint(logged.size());
        for (Body body : logged) {
            out.writeLong(body.connection.getMostSignificantBits());
            out.writeLong(body.connection.getLeastSignificantBits());
            out.writeVarint(body.upload);
            out.writeBoolean(body.sent);
            out.writeSized(body.manifest().encode());
        }
        out.writeVarint(holdsByQueue.size());
        holdsByQueue.forEach((queue, holds) -> {
            List<Long> entries = new ArrayList<>();
            holds.forEach((entry, hold) -> {
                if (hold.logged()) {
                    entries.add(entry);
                }
            });
            out.writeVarint(queue);
            out.writeVarint(entries.size());
            entries.forEach(entry -> {
                out.writeVarint(entry);
                out.writeVarint(holds.get(entry).body().pieces().first(0));
            });
        });
    }

    /** Takes all from a checkpoint; returns who needs what, by queue and entry. Prepared branches hold theirs already. */
    public Map<Long, Map<Long, BodyHold>> read(ByteReader in) {
        for (long count = in.readVarint(); count > 0; count--) {
            UUID connection = new UUID(in.readLong(), in.readLong());
            long upload = in.readVarint();
            boolean sent = in.readBoolean();
            restore(new Body(connection, upload, true, Manifest.decode(in.readSized())), sent);
        }
        Map<Long, Map<Long, BodyHold>> holdsByQueue = new HashMap<>();
        for (long queues = in.readVarint(); queues > 0; queues--) {
            Map<Long, BodyHold> holds = new HashMap<>();
            holdsByQueue.put(in.readVarint(), holds);
            for (long count = in.readVarint(); count > 0; count--) {
                long entry = in.readVarint();
                Body body = Objects.requireNonNull(byFirstPiece.get(in.readVarint()), "a body that is not there");
                holds.put(entry, hold(body, true));
            }
        }
        return holdsByQueue;
    }

    private void restore(Body body, boolean sent) {
        Body known = byFirstPiece.putIfAbsent(body.pieces().first(0), body);
        if (known == null && !sent) {
            uploads.put(new Upload(body.connection, body.upload), body);
        }
        if (known == null && sent) {
            body.sent = true;
            body.open = false;
        }
    }
}
