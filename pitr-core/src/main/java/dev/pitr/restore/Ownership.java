package dev.pitr.restore;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.jspecify.annotations.Nullable;

/** To whom restored files are given: whoever runs the restore, or somebody named. */
final class Ownership {
    static final Ownership UNCHANGED = new Ownership(null, null);

    private final @Nullable UserPrincipal user;
    private final @Nullable GroupPrincipal group;

    private Ownership(@Nullable UserPrincipal user, @Nullable GroupPrincipal group) {
        this.user = user;
        this.group = group;
    }

    /**
     * Looks up a user and a group of this machine.
     *
     * @param text {@code user}, whose group has the same name, or {@code user:group}
     * @throws IllegalArgumentException if there is no such user or group
     */
    static Ownership of(String text) {
        int colon = text.indexOf(':');
        String user = colon < 0 ? text : text.substring(0, colon);
        String group = colon < 0 ? text : text.substring(colon + 1);
        UserPrincipalLookupService names = FileSystems.getDefault().getUserPrincipalLookupService();
        return new Ownership(
                find(text, user, names::lookupPrincipalByName), find(text, group, names::lookupPrincipalByGroupName));
    }

    private interface Lookup<T> {
        T find(String name) throws IOException;
    }

    // Not by the exception's own name: on JDK 25 it is empty.
    private static <T> T find(String text, String name, Lookup<T> lookup) {
        try {
            return lookup.find(name);
        } catch (UserPrincipalNotFoundException e) {
            throw new IllegalArgumentException(
                    "Cannot give restored files to \"" + text + "\": \"" + name
                            + "\" is unknown on this machine. Pass user or user:group.",
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot look up the owner \"" + text + "\"", e);
        }
    }

    void apply(Path path) throws IOException {
        if (user != null && group != null) {
            PosixFileAttributeView view =
                    Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            view.setGroup(group);
            view.setOwner(user);
        }
    }
}
