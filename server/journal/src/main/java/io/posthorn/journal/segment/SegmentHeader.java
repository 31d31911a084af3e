package io.posthorn.journal.segment;

import io.posthorn.journal.JournalException;
import io.posthorn.journal.disk.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first bytes of a segment file. Numbers are big-endian.
 *
 * <pre>
 *  0   8  "POSTHORN"
 *  8   4  version of the format, 1
 * 12   4  flags: 1 = the file held another segment before, and what follows the log's end may be that one's bytes
 * 16   8  number of the segment
 * 24   8  capacity: length of the file when it was made
 * 32  16  identity of the log
 * 48  12  zeros
 * 60   4  CRC32C of bytes 0 to 59
 * 64      records, see {@link Frame}
 * </pre>
 *
 * The header and the whole length of the file are durable before the file gets its name, so a file of that name with
 * another beginning is damaged, whatever crash came.
 *
 * @param segment number of the segment, from 1
 * @param capacity bytes of the file, header included
 * @param recycled whether old bytes may follow the end of the log
 * @param identity the log that the segment belongs to
 */
public record SegmentHeader(long segment, int capacity, boolean recycled, UUID identity) {

    public static final int LENGTH = 64;
    public static final int VERSION = 1;

    private static final byte[] MAGIC = "POSTHORN".getBytes(StandardCharsets.US_ASCII);
    private static final int FLAG_RECYCLED = 1;
    private static final int CHECKED = LENGTH - 4;

    public ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
        bytes.put(MAGIC)
                .putInt(VERSION)
                .putInt(recycled ? FLAG_RECYCLED : 0)
                .putLong(segment)
                .putLong(capacity)
                .putLong(identity.getMostSignificantBits())
                .putLong(identity.getLeastSignificantBits());
        bytes.putInt(CHECKED, check(bytes));
        return bytes.clear();
    }

    /** The header of a file, of whatever segment and log; null if it is not whole. */
    public static SegmentHeader find(LogFile file, Site site) throws JournalException, IOException {
        try {
            return decode(file, site);
        } catch (JournalException e) {
            if (e.kind() != JournalException.Kind.DAMAGED) {
                throw e;
            }
            return null;
        }
    }

    /**
     * The header of a file that should be segment {@code number} of the log {@code identity}.
     *
     * @throws JournalException DAMAGED or, for a later version of the format, UNUSABLE
     */
    public static SegmentHeader read(LogFile file, Site site, UUID identity) throws JournalException, IOException {
        SegmentHeader header = decode(file, site);
        if (header.segment() != site.segment() || !header.identity().equals(identity)) {
            throw site.damaged(
                    0,
                    "it is segment " + header.segment() + " of log " + header.identity() + " and not segment "
                            + site.segment() + " of log " + identity);
        }
        return header;
    }

    private static SegmentHeader decode(LogFile file, Site site) throws JournalException, IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
        if (file.read(bytes, 0) < LENGTH) {
            throw site.damaged(0, "the file ends within the header");
        }
        bytes.flip();
        byte[] magic = new byte[MAGIC.length];
        bytes.get(magic);
        int version = bytes.getInt();
        if (!java.util.Arrays.equals(magic, MAGIC) || bytes.getInt(CHECKED) != check(bytes)) {
            throw site.damaged(0, "the header is not what was written");
        }
        if (version != VERSION) {
            throw new JournalException(
                    JournalException.Kind.UNUSABLE,
                    site.place() + " has format " + version + "; this release knows format " + VERSION
                            + ". Start the release that wrote it, or use another data folder.");
        }
        boolean recycled = (bytes.getInt() & FLAG_RECYCLED) != 0;
        long number = bytes.getLong();
        long capacity = bytes.getLong();
        UUID owner = new UUID(bytes.getLong(), bytes.getLong());
        return new SegmentHeader(number, Math.toIntExact(capacity), recycled, owner);
    }

    private static int check(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, CHECKED);
        return (int) crc.getValue();
    }
}
