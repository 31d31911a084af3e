package io.posthorn.jms.fake;

/** A message in one queue. */
final class FakeEntry {

    final long number;
    final byte[] envelope;
    int attempts;
    boolean redelivered;

    FakeEntry(long number, byte[] envelope) {
        this.number = number;
        this.envelope = envelope;
    }
}
