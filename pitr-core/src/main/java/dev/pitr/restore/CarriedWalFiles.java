package dev.pitr.restore;

import dev.pitr.repository.BackupPart;
import dev.pitr.restore.TargetTree.Access;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.regex.Pattern;

/** The WAL that a backup carries: goes into a folder from which it is delivered to the server like any other WAL. */
final class CarriedWalFiles implements MemberFiles {
    /** Below the folder for WAL. */
    static final String FOLDER = "carried";

    private static final String PART_FOLDER = "wal/";
    private static final String MEMBER_FOLDER = "pg_wal/";
    /** The server sends, with each WAL file, its note that there is nothing to archive. */
    private static final Pattern STATUS = Pattern.compile("pg_wal/archive_status/[0-9A-F.a-z]+\\.done");

    private static final Pattern WAL_FILE = Pattern.compile("[0-9A-F]{24}|[0-9A-F]{8}\\.history");

    private final TargetTree tree;

    CarriedWalFiles(TargetTree tree) {
        this.tree = tree;
    }

    static boolean isCarriedWal(BackupPart part) {
        return isCarriedWal(part.name());
    }

    static boolean isCarriedWal(String objectName) {
        return objectName.startsWith(PART_FOLDER);
    }

    @Override
    public void folder(String name, Access access) {
        MemberName.check(name);
    }

    @Override
    public void file(String rawName, long sizeBytes, Access access, InputStream content, byte[] buffer)
            throws IOException {
        String path = MemberName.check(rawName);
        if (STATUS.matcher(path).matches()) {
            return;
        }
        String name = path.startsWith(MEMBER_FOLDER) ? path.substring(MEMBER_FOLDER.length()) : "";
        if (!WAL_FILE.matcher(name).matches()) {
            throw MemberName.hostile(rawName, "it stands among WAL and is none");
        }
        String target = FOLDER + "/" + name;
        try (FileChannel channel = tree.createFile(target, access)) {
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                TargetTree.write(channel, buffer, n, tree.resolve(target));
            }
        }
    }
}
