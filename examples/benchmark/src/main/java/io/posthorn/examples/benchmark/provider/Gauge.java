package io.posthorn.examples.benchmark.provider;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** What can be read of a Java process from outside, whatever runs in it. */
final class Gauge implements AutoCloseable {
    private static final String RESIDENT = "VmRSS:";
    private static final String SLEPT = "voluntary_ctxt_switches:";
    private static final int KIB = 1024;

    private final long pid;
    private final JMXConnector connector;
    private final ThreadMXBean threads;
    private final OperatingSystemMXBean system;
    private final MemoryMXBean memory;

    private Gauge(long pid, JMXConnector connector) throws IOException {
        this.pid = pid;
        this.connector = connector;
        MBeanServerConnection beans = connector.getMBeanServerConnection();
        this.threads = ManagementFactory.newPlatformMXBeanProxy(
                beans, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
        this.system = ManagementFactory.newPlatformMXBeanProxy(
                beans, ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME, OperatingSystemMXBean.class);
        this.memory = ManagementFactory.newPlatformMXBeanProxy(
                beans, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
    }

    static Gauge attach(long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(String.valueOf(pid));
            try {
                return new Gauge(
                        pid, JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException("Cannot read process " + pid, e);
        }
    }

    /** CPU time of the process, bytes that its living threads have allocated, and how often they went to sleep. */
    Reading read() throws IOException {
        long allocated = 0;
        for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
            allocated += Math.max(0, bytes);
        }
        return new Reading(system.getProcessCpuTime(), allocated, sleeps());
    }

    private long sleeps() throws IOException {
        long sum = 0;
        try (Stream<Path> tasks = Files.list(process().resolve("task"))) {
            for (Path task : tasks.toList()) {
                sum += status(task, SLEPT);
            }
        }
        return sum;
    }

    /** Bytes of the heap that are in use after a collection. */
    long heap() {
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** Bytes of the machine's memory that the process has. */
    long resident() throws IOException {
        return status(process(), RESIDENT) * KIB;
    }

    private Path process() {
        return Path.of("/proc", String.valueOf(pid));
    }

    /** A number of a process or thread; 0 when it has ended meanwhile. */
    private static long status(Path of, String field) throws IOException {
        try (Stream<String> lines = Files.lines(of.resolve("status"))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (NoSuchFileException | UncheckedIOException ended) {
            return 0;
        }
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }

    /** CPU time, allocation and voluntary context switches so far. */
    record Reading(long cpuNs, long allocated, long sleeps) {}
}
