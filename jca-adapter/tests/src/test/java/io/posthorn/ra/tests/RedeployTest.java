package io.posthorn.ra.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.ra.harness.Container;
import io.posthorn.ra.harness.Node;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The adapter is deployed, used and taken away again and again, each time in a class loader of its own, as a server does, while the server's
 * threads stay. No thread, no connection and no class loader of it is left.
 */
class RedeployTest {

    private static final int TIMES = Integer.getInteger("ra.redeploys", 100);

    /** How many of them use a fresh class loader; the classes alone take a while. */
    private static final int LOADERS = Integer.getInteger("ra.loaders", 8);

    private static final Duration SOON = Duration.ofSeconds(30);

    private static final String DEPLOYMENT = "io.posthorn.ra.harness.Deployment";

    @Test
    void shouldLeaveNothingBehind(@TempDir Path home) throws Exception {
        ExecutorService threads = Container.newThreads();
        ExecutorService deployer = Executors.newSingleThreadExecutor();
        try (Node node = Node.start(home)) {
            Set<String> before = threadNames();
            List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
            for (int round = 0; round < LOADERS; round++) {
                int times = TIMES / LOADERS + (round < TIMES % LOADERS ? 1 : 0);
                loaders.add(deployer.submit(() -> deployInALoader(node.url(), threads, times))
                        .get());
            }
            await().atMost(SOON).untilAsserted(() -> assertThat(threadNames()).isSubsetOf(before));
            assertThat(ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName("io.posthorn.ra:*"), null))
                    .isEmpty();
            assertThat(new Displacing(home)).isEqualTo(new Displacing(home));
            await().atMost(SOON).untilAsserted(() -> assertThat(alive(loaders)).isZero());
            assertThat(openConnections(node)).isZero();
        } finally {
            deployer.shutdownNow();
            threads.shutdownNow();
        }
    }

    private static WeakReference<ClassLoader> deployInALoader(String url, ExecutorService threads, int times)
            throws Exception {
        try (URLClassLoader loader = new OwnClasses()) {
            Thread.currentThread().setContextClassLoader(loader);
            Runnable deployment = (Runnable) loader.loadClass(DEPLOYMENT)
                    .getConstructor(String.class, ExecutorService.class)
                    .newInstance(url, threads);
            for (int time = 0; time < times; time++) {
                deployment.run();
            }
            return new WeakReference<>(loader);
        } finally {
            Thread.currentThread().setContextClassLoader(RedeployTest.class.getClassLoader());
        }
    }

    /**
     * The JDK keeps the type of the record field whose comparison was linked last (Java 17, {@code ObjectMethods.OBJECT_EQ} and its {@code
     * asTypeCache}), whoever's record it was. Comparing this one puts another type there.
     */
    private record Displacing(Path field) {}

    private static long alive(List<WeakReference<ClassLoader>> loaders) {
        System.gc();
        return loaders.stream().filter(loader -> loader.get() != null).count();
    }

    /** Threads of the adapter, the client and the libraries below it. */
    private static Set<String> threadNames() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("posthorn") || name.contains("timer") || name.startsWith("global"))
                .collect(Collectors.toSet());
    }

    /** Established connections to the server's port, from this process's side. */
    private static long openConnections(Node node) throws IOException {
        return node.connections();
    }

    /** Everything from the class path but the APIs, which all applications of a server share. */
    private static final class OwnClasses extends URLClassLoader {

        OwnClasses() {
            super(classPath(), RedeployTest.class.getClassLoader());
        }

        private static URL[] classPath() {
            List<URL> urls = new ArrayList<>();
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                try {
                    urls.add(Path.of(entry).toUri().toURL());
                } catch (MalformedURLException e) {
                    throw new IllegalStateException(e);
                }
            }
            return urls.toArray(URL[]::new);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean own =
                    name.startsWith("io.posthorn.") || name.startsWith("io.netty.") || name.startsWith("org.jctools.");
            if (!own) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known != null ? known : findClass(name);
            }
        }
    }
}
