package io.posthorn.tck.crashes;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.PosthornTopic;
import io.posthorn.tck.crashes.Takers.Source;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
import java.util.Arrays;
import java.util.List;

/** Who does what, and in which process. */
enum Role {
    // The fields of an enum's class are not there yet for its constants: what they share is in Places.
    PLAIN("senders-1", scene -> Senders.plain(scene, Places.PLAIN, 0)),
    NEWS("senders-1", scene -> Senders.plain(scene, Places.NEWS, 0)),
    LATE("senders-1", scene -> Senders.plain(scene, Places.LATE, 3_000)),
    BATCH("senders-2", scene -> Senders.transacted(scene, Places.BATCH)),
    FEED("senders-2", scene -> Senders.plain(scene, Places.FEED, 0)),
    PLAIN_TAKER_1("takers-1", scene -> Takers.acknowledging(scene, Source.of(Places.PLAIN))),
    PLAIN_TAKER_2("takers-2", scene -> Takers.transacted(scene, Source.of(Places.PLAIN))),
    NEWS_READER_1("takers-1", scene -> Takers.acknowledging(scene, Source.ofSubscription(Places.NEWS, scene.role()))),
    NEWS_READER_2("takers-2", scene -> Takers.transacted(scene, Source.ofSubscription(Places.NEWS, scene.role()))),
    LATE_TAKER("takers-1", scene -> Takers.automatic(scene, Source.of(Places.LATE))),
    BATCH_RELAY("takers-1", scene -> Takers.relay(scene, Source.of(Places.BATCH), Places.BATCH_DONE)),
    BATCH_TAKER("takers-2", scene -> Takers.transacted(scene, Source.of(Places.BATCH_DONE))),
    FEED_RELAY("takers-2", scene -> new BranchRelay(scene, Places.FEED, Places.FEED_DONE).play()),
    FEED_TAKER("takers-1", scene -> Takers.acknowledging(scene, Source.of(Places.FEED_DONE)));

    private final String process;
    private final Part part;

    Role(String process, Part part) {
        this.process = process;
        this.part = part;
    }

    /** What is played until the scene says that it is over. */
    interface Part {
        void play(Scene scene) throws JMSException;
    }

    /** Where messages go. */
    static final class Places {
        static final Queue PLAIN = new PosthornQueue("crash.plain");
        static final Topic NEWS = new PosthornTopic("crash.news");
        static final Queue LATE = new PosthornQueue("crash.late");
        static final Queue BATCH = new PosthornQueue("crash.batch");
        static final Queue BATCH_DONE = new PosthornQueue("crash.batch.done");
        static final Queue FEED = new PosthornQueue("crash.feed");
        static final Queue FEED_DONE = new PosthornQueue("crash.feed.done");

        /** What must be empty when all is over. */
        static final List<String> QUEUES = List.of(
                "crash.plain",
                "crash.late",
                "crash.batch",
                "crash.batch.done",
                "crash.feed",
                "crash.feed.done",
                "posthorn.dead-letters");

        private Places() {}
    }

    void play(Scene scene) throws JMSException {
        part.play(scene);
    }

    String process() {
        return process;
    }

    boolean sends() {
        return process.startsWith("senders");
    }

    /** Its file. */
    String diary() {
        return name() + ".diary";
    }

    static List<String> processes() {
        return Arrays.stream(values()).map(Role::process).distinct().toList();
    }

    static List<Role> of(String process) {
        return Arrays.stream(values())
                .filter(role -> role.process.equals(process))
                .toList();
    }
}
