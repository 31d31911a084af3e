package io.posthorn.tck.specification;

import static org.awaitility.Awaitility.await;

import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.ServerSession;
import jakarta.jms.ServerSessionPool;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** What an application server would bring: a fixed number of sessions, each run on a thread of a pool, lent to who asks. */
final class PoolOfSessions implements ServerSessionPool, AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final LinkedBlockingQueue<Member> idle = new LinkedBlockingQueue<>();
    private final List<Session> sessions = new ArrayList<>();
    private final List<Integer> runSizes = new CopyOnWriteArrayList<>();

    PoolOfSessions(Connection connection, int mode, int count, Listener listener) throws JMSException {
        for (int number = 0; number < count; number++) {
            Session session = connection.createSession(mode);
            Member member = new Member(session);
            session.setMessageListener(message -> member.onMessage(message, listener));
            sessions.add(session);
            idle.add(member);
        }
    }

    /** What the application does with a message, in the session that it came in. */
    interface Listener {
        void onMessage(Session session, Message message) throws JMSException;
    }

    /** Waits until a session is idle. */
    @Override
    public ServerSession getServerSession() throws JMSException {
        try {
            return idle.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            JMSException problem = new JMSException("interrupted while no session was idle");
            problem.setLinkedException(e);
            throw problem;
        }
    }

    /** How many messages each run of a session had, once they are {@code total} together. */
    List<Integer> runSizes(int total) {
        await().until(() -> runSizes.stream().mapToInt(Integer::intValue).sum() == total);
        return runSizes;
    }

    @Override
    public void close() throws JMSException {
        for (Session session : sessions) {
            session.close();
        }
        threads.shutdown();
    }

    private final class Member implements ServerSession {

        private final Session session;

        /** Of the run that is under way; its thread's only. */
        private int messageCount;

        Member(Session session) {
            this.session = session;
        }

        @Override
        public Session getSession() {
            return session;
        }

        @Override
        public void start() {
            threads.execute(() -> {
                messageCount = 0;
                session.run();
                runSizes.add(messageCount);
                idle.add(this);
            });
        }

        private void onMessage(Message message, Listener listener) {
            messageCount++;
            try {
                listener.onMessage(session, message);
            } catch (JMSException e) {
                throw new IllegalStateException("The application's listener failed", e);
            }
        }
    }
}
