package io.posthorn.servers.application;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.jms.JMSContext;

/** Has a context of the platform's default connection factory. Apart, since not every server lets that factory be ours. */
@Dependent
public class Platform {

    @Inject
    private JMSContext jms;

    void send(String queue, String text) {
        jms.createProducer().send(jms.createQueue(queue), text);
    }
}
