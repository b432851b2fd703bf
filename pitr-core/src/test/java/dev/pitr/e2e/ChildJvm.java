package dev.pitr.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Other JVMs that run classes of these tests. */
final class ChildJvm {
    private ChildJvm() {}

    /** The command line that runs a class with this JVM's class path, quick to start. */
    static List<String> command(Class<?> main, List<String> arguments) {
        return command(main, List.of(), arguments);
    }

    /** The same with further options of {@code java}. */
    static List<String> command(Class<?> main, List<String> options, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        return command;
    }
}
