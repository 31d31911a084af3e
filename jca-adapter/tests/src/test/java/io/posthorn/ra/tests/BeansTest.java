package io.posthorn.ra.tests;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.ra.PosthornResourceAdapter;
import io.posthorn.ra.admin.AdminQueue;
import io.posthorn.ra.admin.AdminTopic;
import io.posthorn.ra.handle.FactoryHandle;
import io.posthorn.ra.inbound.PosthornActivationSpec;
import io.posthorn.ra.outbound.PosthornManagedConnectionFactory;
import io.posthorn.ra.outbound.PosthornManagedQueueConnectionFactory;
import jakarta.resource.Referenceable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import javax.naming.Reference;
import org.junit.jupiter.api.Test;

/** The beans as containers treat them: compared, stored, bound in a naming service. */
class BeansTest {

    @Test
    void shouldBeEqualWhenTheyAreConfiguredTheSame() {
        PosthornResourceAdapter adapter = adapter("tcp://a");
        assertThat(adapter).isEqualTo(adapter("tcp://a")).hasSameHashCodeAs(adapter("tcp://a"));
        assertThat(adapter).isNotEqualTo(adapter("tcp://b"));
        assertThat(factory(adapter)).isEqualTo(factory(adapter("tcp://a"))).hasSameHashCodeAs(factory(adapter));
        assertThat(factory(adapter)).isNotEqualTo(factory(adapter("tcp://b")));
        PosthornManagedQueueConnectionFactory queues = new PosthornManagedQueueConnectionFactory();
        queues.setResourceAdapter(adapter);
        queues.setUserName("u");
        assertThat(factory(adapter)).isNotEqualTo(queues);
    }

    @Test
    void shouldTakeAnEmptyTextForNothing() {
        PosthornManagedConnectionFactory factory = new PosthornManagedConnectionFactory();
        factory.setUserName("");
        factory.setUrl(" ");
        assertThat(factory.getUserName()).isNull();
        assertThat(factory).isEqualTo(new PosthornManagedConnectionFactory());
    }

    @Test
    void shouldKnowPropertiesByTheirOtherNames() {
        PosthornActivationSpec spec = new PosthornActivationSpec();
        spec.setMaxSession(3);
        spec.setUser("u");
        spec.setServerUrl("tcp://a");
        spec.setUseJNDI(true);
        assertThat(spec.getMaxConcurrency()).isEqualTo(3);
        assertThat(spec.getMaxSessions()).isEqualTo(3);
        assertThat(spec.getUserName()).isEqualTo("u");
        assertThat(spec.getUrl()).isEqualTo("tcp://a");
        assertThat(spec.getUseJndi()).isTrue();
    }

    @Test
    void shouldShowNoPassword() {
        PosthornManagedConnectionFactory factory = factory(adapter("tcp://a"));
        factory.setPassword("hidden");
        factory.setTrustStorePassword("hidden");
        assertThat(factory.toString()).contains("userName=u").doesNotContain("hidden");
    }

    @Test
    void shouldSurviveBeingStored() throws Exception {
        PosthornManagedConnectionFactory factory = factory(adapter("tcp://a"));
        assertThat(copy(factory)).isEqualTo(factory);
        FactoryHandle handle = (FactoryHandle) factory.createConnectionFactory(null);
        assertThat(((FactoryHandle) copy(handle)).managedFactory()).isEqualTo(factory);
        AdminQueue queue = new AdminQueue();
        queue.setPhysicalName("q");
        assertThat(copy(queue)).isEqualTo(queue).isEqualTo(new PosthornQueue("q"));
        assertThat(copy(new PosthornActivationSpec())).isInstanceOf(PosthornActivationSpec.class);
    }

    @Test
    void shouldKeepTheContainersReference() throws Exception {
        Reference reference = new Reference("container");
        AdminTopic topic = new AdminTopic();
        topic.setName("t");
        assertThat(topic.getReference().getClassName()).isEqualTo("io.posthorn.jms.PosthornTopic");
        for (Referenceable bean : new Referenceable[] {
            topic, (FactoryHandle) factory(adapter("tcp://a")).createConnectionFactory(null)
        }) {
            bean.setReference(reference);
            assertThat(bean.getReference()).isSameAs(reference);
        }
    }

    private static PosthornResourceAdapter adapter(String url) {
        PosthornResourceAdapter adapter = new PosthornResourceAdapter();
        adapter.setUrl(url);
        return adapter;
    }

    private static PosthornManagedConnectionFactory factory(PosthornResourceAdapter adapter) {
        PosthornManagedConnectionFactory factory = new PosthornManagedConnectionFactory();
        factory.setResourceAdapter(adapter);
        factory.setUserName("u");
        return factory;
    }

    private static Object copy(Object bean) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(bean);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return in.readObject();
        }
    }
}
