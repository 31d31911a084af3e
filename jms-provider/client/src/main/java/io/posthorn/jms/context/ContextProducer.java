package io.posthorn.jms.context;

import io.posthorn.jms.PosthornDestination;
import io.posthorn.jms.error.Unchecked;
import io.posthorn.jms.message.PosthornBytesMessage;
import io.posthorn.jms.message.PosthornMapMessage;
import io.posthorn.jms.message.PosthornObjectMessage;
import io.posthorn.jms.message.PosthornTextMessage;
import io.posthorn.jms.producer.DeliveryOptions;
import jakarta.jms.CompletionListener;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageFormatException;
import java.io.Serializable;
import java.util.Map;
import java.util.Set;

/** The simplified API's producer (section 7.1): settings, and sends with them through its context. One thread at a time. */
final class ContextProducer implements JMSProducer {

    private final ContextFront context;
    private final DeliveryOptions options = new DeliveryOptions();
    private final PresetHeaders preset = new PresetHeaders();
    private CompletionListener listener;

    ContextProducer(ContextFront context) {
        this.context = context;
    }

    @Override
    public JMSProducer send(Destination destination, Message message) {
        return send(destination, () -> message);
    }

    @Override
    public JMSProducer send(Destination destination, String body) {
        return send(destination, () -> {
            PosthornTextMessage message = new PosthornTextMessage();
            message.setText(body);
            return message;
        });
    }

    @Override
    public JMSProducer send(Destination destination, Map<String, Object> body) {
        return send(destination, () -> mapMessage(body));
    }

    @Override
    public JMSProducer send(Destination destination, byte[] body) {
        return send(destination, () -> {
            PosthornBytesMessage message = new PosthornBytesMessage();
            if (body != null) {
                message.writeBytes(body);
            }
            return message;
        });
    }

    @Override
    public JMSProducer send(Destination destination, Serializable body) {
        return send(destination, () -> {
            PosthornObjectMessage message = new PosthornObjectMessage();
            message.setObject(body);
            return message;
        });
    }

    private static Message mapMessage(Map<String, Object> body) throws JMSException {
        MapMessage message = new PosthornMapMessage();
        if (body != null) {
            for (Map.Entry<String, Object> entry : body.entrySet()) {
                message.setObject(entry.getKey(), entry.getValue());
            }
        }
        return message;
    }

    private JMSProducer send(Destination destination, Unchecked.Call<Message> making) {
        Unchecked.run(() -> {
            PosthornDestination.addressOf(destination);
            Message message = making.run();
            if (message == null) {
                throw new MessageFormatException("no message is given: it is null");
            }
            preset.applyTo(message);
            context.producer().send(destination, message, options, listener);
        });
        return this;
    }

    @Override
    public JMSProducer setDisableMessageID(boolean value) {
        options.messageIdDisabled(value);
        return this;
    }

    @Override
    public boolean getDisableMessageID() {
        return options.messageIdDisabled();
    }

    @Override
    public JMSProducer setDisableMessageTimestamp(boolean value) {
        options.timestampDisabled(value);
        return this;
    }

    @Override
    public boolean getDisableMessageTimestamp() {
        return options.timestampDisabled();
    }

    @Override
    public JMSProducer setDeliveryMode(int deliveryMode) {
        Unchecked.run(() -> options.mode(deliveryMode));
        return this;
    }

    @Override
    public int getDeliveryMode() {
        return options.mode();
    }

    @Override
    public JMSProducer setPriority(int priority) {
        Unchecked.run(() -> options.priority(priority));
        return this;
    }

    @Override
    public int getPriority() {
        return options.priority();
    }

    @Override
    public JMSProducer setTimeToLive(long timeToLive) {
        Unchecked.run(() -> options.timeToLiveMs(timeToLive));
        return this;
    }

    @Override
    public long getTimeToLive() {
        return options.timeToLiveMs();
    }

    @Override
    public JMSProducer setDeliveryDelay(long deliveryDelay) {
        Unchecked.run(() -> options.delayMs(deliveryDelay));
        return this;
    }

    @Override
    public long getDeliveryDelay() {
        return options.delayMs();
    }

    @Override
    public JMSProducer setAsync(CompletionListener completionListener) {
        if (completionListener != null) {
            Unchecked.run(context::checkAsyncAllowed);
        }
        listener = completionListener;
        return this;
    }

    @Override
    public CompletionListener getAsync() {
        return listener;
    }

    @Override
    public JMSProducer setProperty(String name, boolean value) {
        return set(() -> preset.properties().setBooleanProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, byte value) {
        return set(() -> preset.properties().setByteProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, short value) {
        return set(() -> preset.properties().setShortProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, int value) {
        return set(() -> preset.properties().setIntProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, long value) {
        return set(() -> preset.properties().setLongProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, float value) {
        return set(() -> preset.properties().setFloatProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, double value) {
        return set(() -> preset.properties().setDoubleProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, String value) {
        return set(() -> preset.properties().setStringProperty(name, value));
    }

    @Override
    public JMSProducer setProperty(String name, Object value) {
        return set(() -> preset.properties().setObjectProperty(name, value));
    }

    private JMSProducer set(Unchecked.Step step) {
        Unchecked.run(step);
        return this;
    }

    @Override
    public JMSProducer clearProperties() {
        return set(() -> preset.properties().clearProperties());
    }

    @Override
    public boolean propertyExists(String name) {
        return Unchecked.call(() -> preset.properties().propertyExists(name));
    }

    @Override
    public boolean getBooleanProperty(String name) {
        return Unchecked.call(() -> preset.properties().getBooleanProperty(name));
    }

    @Override
    public byte getByteProperty(String name) {
        return Unchecked.call(() -> preset.properties().getByteProperty(name));
    }

    @Override
    public short getShortProperty(String name) {
        return Unchecked.call(() -> preset.properties().getShortProperty(name));
    }

    @Override
    public int getIntProperty(String name) {
        return Unchecked.call(() -> preset.properties().getIntProperty(name));
    }

    @Override
    public long getLongProperty(String name) {
        return Unchecked.call(() -> preset.properties().getLongProperty(name));
    }

    @Override
    public float getFloatProperty(String name) {
        return Unchecked.call(() -> preset.properties().getFloatProperty(name));
    }

    @Override
    public double getDoubleProperty(String name) {
        return Unchecked.call(() -> preset.properties().getDoubleProperty(name));
    }

    @Override
    public String getStringProperty(String name) {
        return Unchecked.call(() -> preset.properties().getStringProperty(name));
    }

    @Override
    public Object getObjectProperty(String name) {
        return Unchecked.call(() -> preset.properties().getObjectProperty(name));
    }

    @Override
    public Set<String> getPropertyNames() {
        return Unchecked.call(preset::names);
    }

    @Override
    public JMSProducer setJMSCorrelationIDAsBytes(byte[] correlationId) {
        preset.correlationBytes(correlationId);
        return this;
    }

    @Override
    public byte[] getJMSCorrelationIDAsBytes() {
        return preset.correlationBytes();
    }

    @Override
    public JMSProducer setJMSCorrelationID(String correlationId) {
        preset.correlationId(correlationId);
        return this;
    }

    @Override
    public String getJMSCorrelationID() {
        return preset.correlationId();
    }

    @Override
    public JMSProducer setJMSType(String type) {
        preset.type(type);
        return this;
    }

    @Override
    public String getJMSType() {
        return preset.type();
    }

    @Override
    public JMSProducer setJMSReplyTo(Destination replyTo) {
        preset.replyTo(replyTo);
        return this;
    }

    @Override
    public Destination getJMSReplyTo() {
        return preset.replyTo();
    }
}
