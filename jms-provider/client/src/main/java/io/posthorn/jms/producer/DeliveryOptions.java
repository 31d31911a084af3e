package io.posthorn.jms.producer;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;

/** What a producer is told about the messages that it sends (sections 7.4 and 7.7 to 7.9). One thread at a time. */
public final class DeliveryOptions {

    private int mode = Message.DEFAULT_DELIVERY_MODE;
    private int priority = Message.DEFAULT_PRIORITY;
    private long timeToLiveMs = Message.DEFAULT_TIME_TO_LIVE;
    private long delayMs = Message.DEFAULT_DELIVERY_DELAY;
    private boolean messageIdDisabled;
    private boolean timestampDisabled;

    public int mode() {
        return mode;
    }

    public void mode(int value) throws JMSException {
        checkMode(value);
        mode = value;
    }

    public int priority() {
        return priority;
    }

    public void priority(int value) throws JMSException {
        checkPriority(value);
        priority = value;
    }

    public long timeToLiveMs() {
        return timeToLiveMs;
    }

    public void timeToLiveMs(long value) throws JMSException {
        checkTimeToLive(value);
        timeToLiveMs = value;
    }

    public long delayMs() {
        return delayMs;
    }

    public void delayMs(long value) throws JMSException {
        if (value < 0) {
            throw new JMSException("a delivery delay of " + value + " ms; it is 0 or more");
        }
        delayMs = value;
    }

    public boolean messageIdDisabled() {
        return messageIdDisabled;
    }

    public void messageIdDisabled(boolean value) {
        messageIdDisabled = value;
    }

    public boolean timestampDisabled() {
        return timestampDisabled;
    }

    public void timestampDisabled(boolean value) {
        timestampDisabled = value;
    }

    /** The same with another mode, priority and time to live, for one send. */
    DeliveryOptions with(int otherMode, int otherPriority, long otherTimeToLiveMs) throws JMSException {
        DeliveryOptions options = new DeliveryOptions();
        options.mode(otherMode);
        options.priority(otherPriority);
        options.timeToLiveMs(otherTimeToLiveMs);
        options.delayMs = delayMs;
        options.messageIdDisabled = messageIdDisabled;
        options.timestampDisabled = timestampDisabled;
        return options;
    }

    private static void checkMode(int value) throws JMSException {
        if (value != DeliveryMode.PERSISTENT && value != DeliveryMode.NON_PERSISTENT) {
            throw new JMSException(
                    "there is no delivery mode " + value + "; it is NON_PERSISTENT (1) or PERSISTENT (2)");
        }
    }

    private static void checkPriority(int value) throws JMSException {
        if (value < 0 || value > 9) {
            throw new JMSException("a priority of " + value + "; it is between 0 (lowest) and 9");
        }
    }

    private static void checkTimeToLive(long value) throws JMSException {
        if (value < 0) {
            throw new JMSException("a time to live of " + value + " ms; it is 0 (for ever) or more");
        }
    }
}
