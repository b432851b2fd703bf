package dev.pitr.modulepath;

import dev.pitr.postgres.ReplicationConnection;
import java.util.Properties;

/** Connects to a server and prints whose it is; run in a JVM of its own, with pitr on the module path. */
public final class IdentifyServer {
    private IdentifyServer() {}

    public static void main(String[] arguments) {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        try (ReplicationConnection connection = ReplicationConnection.open(arguments[0], properties)) {
            System.out.println(ReplicationConnection.class.getModule() + ", " + org.postgresql.Driver.class.getModule()
                    + ": " + connection.identity());
        }
    }
}
