package io.posthorn.engine.transport.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoopGroup;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ClientThreadsTest {

    private final List<EventLoopGroup> made = new ArrayList<>();
    private final LoopLease lease = new LoopLease(this::make);

    @SuppressWarnings("deprecation")
    private EventLoopGroup make() {
        EventLoopGroup group = new DefaultEventLoopGroup(1);
        made.add(group);
        return group;
    }

    @Test
    void shouldEndLoopsAWhileAfterTheirLastUser() throws Exception {
        EventLoop loop = lease.take();
        lease.take();
        lease.giveBack();
        assertThat(loop.isShuttingDown()).isFalse();

        lease.giveBack();
        assertThat(made.get(0).awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldKeepLoopsForWhoeverComesSoon() {
        EventLoop loop = lease.take();
        lease.giveBack();
        assertThat(lease.take()).isSameAs(loop);
        lease.giveBack();
        lease.endUnused();
        assertThat(loop.isTerminated()).isTrue();
    }

    @Test
    void shouldEndAtOnceOnlyWhatNobodyUses() {
        EventLoop loop = lease.take();
        lease.endUnused();
        assertThat(loop.isShuttingDown()).isFalse();
        lease.giveBack();
        lease.endUnused();
        assertThat(loop.isTerminated()).isTrue();
        assertThat(lease.take()).isNotSameAs(loop);
        lease.giveBack();
        lease.endUnused();
        assertThat(made).hasSize(2);
    }

    @Test
    void shouldRunWhatComesAfterTheEndOfALoop() throws Exception {
        EventLoop loop = lease.take();
        lease.giveBack();
        lease.endUnused();
        CountDownLatch ran = new CountDownLatch(1);
        ClientThreads.execute(loop, () -> {
            if (ClientThreads.runs(loop)) {
                ran.countDown();
            }
        });
        assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldMakeThreadsThatInheritNothing() throws Exception {
        InheritableThreadLocal<String> inheritable = new InheritableThreadLocal<>();
        inheritable.set("of the caller");
        List<String> seen = new ArrayList<>();
        Thread thread = OrphanThreads.make(() -> new Thread(() -> seen.add(inheritable.get())));
        thread.start();
        thread.join();
        assertThat(seen).containsExactly((String) null);
    }
}
