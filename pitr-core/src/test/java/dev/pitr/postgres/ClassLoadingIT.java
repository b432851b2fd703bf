package dev.pitr.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.github.luben.zstd.Zstd;
import dev.pitr.modulepath.IdentifyServer;
import dev.pitr.testing.PostgresServer;
import dev.pitr.testing.PostgresVersions;
import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.Driver;
import org.slf4j.Logger;

class ClassLoadingIT {
    @TempDir
    static Path folder;

    private static PostgresServer server;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.create(PostgresVersions.newest(), folder.resolve("data"))
                .start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void worksWithTheDriverInAParentClassLoader() throws Exception {
        ClassLoader platform = ClassLoader.getPlatformClassLoader();
        try (URLClassLoader parent = new URLClassLoader(urls(Driver.class, Logger.class), platform);
                URLClassLoader child = new URLClassLoader(urls(ReplicationConnection.class), parent)) {
            assertIdentifies(child);
        }
    }

    @Test
    void worksWhereTheDriverSeesAnotherCopyOfPitr() throws Exception {
        ClassLoader platform = ClassLoader.getPlatformClassLoader();
        try (URLClassLoader parent =
                        new URLClassLoader(urls(Driver.class, Logger.class, ReplicationConnection.class), platform);
                URLClassLoader child = new OwnPitrFirst(urls(ReplicationConnection.class), parent)) {
            assertIdentifies(child);
        }
    }

    /** With this thread's context loader as it is: it sees yet another copy, the one under test. */
    private static void assertIdentifies(ClassLoader loader) throws Exception {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        Class<?> type = loader.loadClass(ReplicationConnection.class.getName());
        assertThat(type).isNotSameAs(ReplicationConnection.class);
        assertThat(type.getClassLoader()).isSameAs(loader);
        try (AutoCloseable connection = (AutoCloseable) type.getMethod("open", String.class, Properties.class)
                .invoke(null, server.jdbcUrl(), server.superuser())) {
            assertThat(type.getMethod("identity").invoke(connection))
                    .asString()
                    .startsWith("PostgreSQL " + server.version() + " cluster ");
        }
        assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(context);
    }

    @Test
    void worksOnTheModulePath() throws Exception {
        String modules = Stream.concat(
                        Stream.of(
                                ReplicationConnection.class,
                                Driver.class,
                                Logger.class,
                                NullMarked.class,
                                Zstd.class,
                                JsonFactory.class,
                                TarArchiveInputStream.class),
                        Stream.of(
                                        "org.apache.commons.io.IOUtils",
                                        "org.apache.commons.lang3.StringUtils",
                                        "org.apache.commons.codec.Charsets")
                                .map(ClassLoadingIT::named))
                .map(type -> Path.of(uri(type)).toString())
                .collect(Collectors.joining(File.pathSeparator));
        Process java = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--module-path",
                        modules,
                        "--add-modules",
                        "dev.pitr.core",
                        "--class-path",
                        Path.of(uri(IdentifyServer.class)).toString(),
                        IdentifyServer.class.getName(),
                        server.jdbcUrl()))
                .redirectErrorStream(true)
                .start();
        String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output)
                .contains("module dev.pitr.core, module org.postgresql.jdbc: PostgreSQL " + server.version()
                        + " cluster ");
        assertThat(java.waitFor()).isZero();
    }

    private static Class<?> named(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static URL[] urls(Class<?>... types) {
        return Arrays.stream(types)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .toArray(URL[]::new);
    }

    private static URI uri(Class<?> type) {
        return URI.create(urls(type)[0].toString());
    }

    /** Loads pitr itself before it asks its parent, as web applications' loaders do. */
    private static final class OwnPitrFirst extends URLClassLoader {
        OwnPitrFirst(URL[] urls, ClassLoader parent) {
            super(urls, parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("dev.pitr.")) {
                synchronized (getClassLoadingLock(name)) {
                    Class<?> loaded = findLoadedClass(name);
                    return loaded != null ? loaded : findClass(name);
                }
            }
            return super.loadClass(name, resolve);
        }
    }
}
