package dev.pitr.examples.cli;

import java.util.Locale;
import java.util.Properties;
import picocli.CommandLine.Option;

/** The options that say which server is meant. */
final class ServerOptions {
    @Option(
            names = "--url",
            required = true,
            paramLabel = "JDBC_URL",
            description = {
                "The server, such as jdbc:postgresql://host:5432/postgres?user=backup.",
                "A password comes from $PGPASSWORD or ~/.pgpass, never from the command line."
            })
    private String url = "";

    String url() {
        return checked(url);
    }

    /** Refuses a URL with a password. */
    static String checked(String url) {
        if (url.toLowerCase(Locale.ROOT).contains("password=")) {
            throw new IllegalArgumentException("Cannot take a password from --url: every user of this machine can see"
                    + " command lines. Set PGPASSWORD or write it into ~/.pgpass");
        }
        return url;
    }

    Properties properties() {
        return environment();
    }

    /** What the environment says of the role. */
    static Properties environment() {
        Properties properties = new Properties();
        String password = System.getenv("PGPASSWORD");
        if (password != null) {
            properties.setProperty("password", password);
        }
        return properties;
    }
}
