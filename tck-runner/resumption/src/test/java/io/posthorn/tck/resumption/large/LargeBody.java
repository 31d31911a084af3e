package io.posthorn.tck.resumption.large;

import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageEOFException;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;

/** A body of some MiB, each of its blocks made from its number, written and checked block by block. */
final class LargeBody {

    private static final int BLOCK = 256 << 10;
    private static final int BLOCKS_PER_MIB = 4;

    private LargeBody() {}

    static BytesMessage bytes(Session session, int mib) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        for (int block = 0; block < mib * BLOCKS_PER_MIB; block++) {
            message.writeBytes(block(block));
        }
        return message;
    }

    static StreamMessage stream(Session session, int mib) throws JMSException {
        StreamMessage message = session.createStreamMessage();
        message.writeString("begin");
        for (int block = 0; block < mib * BLOCKS_PER_MIB; block++) {
            message.writeBytes(block(block));
        }
        return message;
    }

    /** How many MiB of the right bytes a message holds; fails at the first wrong one. */
    static int check(Message message) throws JMSException {
        return message instanceof BytesMessage bytes ? checkBytes(bytes) : checkStream((StreamMessage) message);
    }

    private static int checkBytes(BytesMessage message) throws JMSException {
        byte[] read = new byte[BLOCK];
        int blocks = 0;
        while (message.readBytes(read) == BLOCK) {
            check(blocks++, read);
        }
        return blocks / BLOCKS_PER_MIB;
    }

    private static int checkStream(StreamMessage message) throws JMSException {
        int blocks = 0;
        if (!message.readString().equals("begin")) {
            throw new IllegalStateException("the stream does not begin as it should");
        }
        try {
            while (true) {
                check(blocks++, (byte[]) message.readObject());
            }
        } catch (MessageEOFException end) {
            return (blocks - 1) / BLOCKS_PER_MIB;
        }
    }

    private static void check(int number, byte[] read) {
        byte[] wanted = block(number);
        for (int index = 0; index < BLOCK; index++) {
            if (read[index] != wanted[index]) {
                throw new IllegalStateException("block " + number + " is wrong at byte " + index);
            }
        }
    }

    private static byte[] block(int number) {
        byte[] block = new byte[BLOCK];
        for (int index = 0; index < BLOCK; index++) {
            block[index] = (byte) (number * 31 + (index >> 5));
        }
        return block;
    }
}
