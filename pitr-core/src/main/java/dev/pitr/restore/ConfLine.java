package dev.pitr.restore;

import dev.pitr.postgres.PostgresConf;
import dev.pitr.postgres.PostgresConf.Include;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One line of a configuration file, kept as it stands.
 *
 * @param text the line
 * @param setting what it sets, if it does
 * @param include what it includes, if it does
 */
record ConfLine(String text, Optional<Map.Entry<String, String>> setting, Optional<Include> include) {
    static List<ConfLine> parse(String text) {
        return text.lines().map(ConfLine::parseLine).toList();
    }

    private static ConfLine parseLine(String line) {
        PostgresConf conf = PostgresConf.parse(line);
        return new ConfLine(
                line,
                conf.settings().entrySet().stream().findFirst(),
                conf.includes().stream().findFirst());
    }
}
