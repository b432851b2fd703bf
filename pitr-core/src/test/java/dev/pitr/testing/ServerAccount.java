package dev.pitr.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * As whom server programs run: they refuse to run as root, so a root JVM gives them a user namespace of their own, or
 * where that is forbidden (Docker's default) an unprivileged user that keeps access to all files.
 */
final class ServerAccount {
    private static final String UNPRIVILEGED_USER = "nobody";
    private static final String CAPABILITIES = "+dac_override,+fowner";
    private static final ServerAccount CURRENT = find();

    private final List<String> prefix;
    private final boolean ownsItsFiles;

    private ServerAccount(List<String> prefix, boolean ownsItsFiles) {
        this.prefix = prefix;
        this.ownsItsFiles = ownsItsFiles;
    }

    static ServerAccount current() {
        return CURRENT;
    }

    /** Builds the command line that runs a program as this account. */
    List<String> command(Path program, List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(program.toString());
        command.addAll(arguments);
        return command;
    }

    /** Makes a folder one that the server accepts as its own. */
    void adopt(Path folder) throws IOException {
        if (ownsItsFiles) {
            return;
        }
        UserPrincipal owner =
                folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(UNPRIVILEGED_USER);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (!Files.isSymbolicLink(file)) {
                    Files.setOwner(file, owner);
                }
            }
        }
    }

    private static ServerAccount find() {
        if (!"0".equals(output("id", "-u"))) {
            return new ServerAccount(List.of(), true);
        }
        List<String> namespace = List.of("unshare", "-U");
        if (output("unshare", "-U", "id", "-u").matches("[1-9][0-9]*")) {
            return new ServerAccount(namespace, true);
        }
        return new ServerAccount(
                List.of(
                        "setpriv",
                        "--reuid=" + UNPRIVILEGED_USER,
                        "--clear-groups",
                        "--inh-caps=" + CAPABILITIES,
                        "--ambient-caps=" + CAPABILITIES),
                false);
    }

    private static String output(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? text : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }
}
