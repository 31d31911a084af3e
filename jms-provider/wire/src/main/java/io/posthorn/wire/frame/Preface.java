package io.posthorn.wire.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The first eight bytes that each side sends, before any frame: {@code PHRN}, a {@code u8} with the newest version of the
 * protocol that the side speaks, three zero bytes. The client speaks first; the server answers with its own, also to a
 * version that it does not speak, and closes then.
 */
public final class Preface {

    /** The version of the protocol that this code speaks. */
    public static final int VERSION = 1;

    /** How many bytes a preface has. */
    public static final int LENGTH = 8;

    /** From so many bytes on, others are told from a preface; a refusal by a TLS server has no more. */
    private static final int FOREIGN_LENGTH = 7;

    private static final int MAGIC = 0x5048524E;
    private static final int VERSION_OFFSET = 4;

    private static final List<String> HTTP_BEGINNINGS =
            List.of("GET ", "POST ", "PUT ", "HEAD ", "OPTIONS", "DELETE ", "PATCH ", "CONNECT ", "PRI ", "HTTP/");

    private Preface() {}

    public static void write(ByteBuf out) {
        out.writeInt(MAGIC);
        out.writeByte(VERSION);
        out.writeZero(LENGTH - VERSION_OFFSET - 1);
    }

    /**
     * Looks at the first bytes of a peer. They are consumed when they are a preface, of whatever version, and left where
     * they are otherwise.
     */
    public static Reading read(ByteBuf in) {
        int start = in.readerIndex();
        int available = in.readableBytes();
        if (available >= FOREIGN_LENGTH && in.getInt(start) != MAGIC) {
            return new Reading(Outcome.FOREIGN, 0, foreign(in, start));
        }
        if (available < LENGTH) {
            return new Reading(
                    Outcome.INCOMPLETE,
                    0,
                    "the peer sent " + available + " of the " + LENGTH + " bytes that begin a Posthorn connection");
        }
        int version = in.getByte(start + VERSION_OFFSET) & 0xFF;
        if (version == VERSION && in.getInt(start + VERSION_OFFSET) != VERSION << 24) {
            return new Reading(Outcome.FOREIGN, 0, foreign(in, start));
        }
        in.skipBytes(LENGTH);
        return version == VERSION
                ? new Reading(Outcome.SPOKEN, version, "")
                : new Reading(Outcome.OTHER_VERSION, version, otherVersion(version));
    }

    private static String otherVersion(int version) {
        return "the peer speaks version " + version + " of the Posthorn protocol, this side version " + VERSION
                + ": upgrade " + (version > VERSION ? "this side" : "the peer") + ", which is the older one";
    }

    private static String foreign(ByteBuf in, int start) {
        int length = Math.min(LENGTH, in.readableBytes());
        String guess = guess(in.toString(start, length, StandardCharsets.ISO_8859_1));
        return "the peer does not speak the Posthorn protocol: it began with the bytes "
                + ByteBufUtil.hexDump(in, start, length) + (guess.isEmpty() ? "" : ", which look like " + guess);
    }

    private static String guess(String first) {
        if (first.startsWith("\u0016\u0003") || first.startsWith("\u0015\u0003")) {
            return "TLS: one side uses TLS (ssl://) and the other does not (tcp://)";
        } else if (first.startsWith("AMQP")) {
            return "AMQP";
        } else if (first.startsWith("ARTEMIS")) {
            return "the CORE protocol of an Artemis client: use Posthorn's connection factory and jar";
        } else if (first.startsWith("Act", 5)) {
            return "the OpenWire protocol of ActiveMQ: use Posthorn's connection factory and jar";
        } else if (first.startsWith("STOMP")
                || first.equals("CONNECT")
                || first.startsWith("CONNECT\n")
                || first.startsWith("CONNECT\r")) {
            return "STOMP";
        } else if (first.startsWith("\u0010") && first.startsWith("MQ", 4)) {
            return "MQTT";
        } else if (first.startsWith("SSH-")) {
            return "SSH";
        } else if (isHttp(first)) {
            return "HTTP: this is not a port for browsers and health checks";
        }
        return "";
    }

    private static boolean isHttp(String first) {
        return HTTP_BEGINNINGS.stream().anyMatch(first::startsWith);
    }

    /** What the first bytes of a peer are. */
    public enum Outcome {
        /** More bytes are needed. */
        INCOMPLETE,
        /** A preface of a version that this side speaks: frames follow. */
        SPOKEN,
        /** A preface of a version that this side does not speak. */
        OTHER_VERSION,
        /** Not Posthorn. */
        FOREIGN
    }

    /**
     * @param outcome what was found
     * @param version the peer's version when it is Posthorn and whole, otherwise 0
     * @param problem what is wrong and the way out, for a log line or an exception; empty when nothing is
     */
    public record Reading(Outcome outcome, int version, String problem) {}
}
