package dev.pitr.wal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the lines of a history file. */
final class HistoryLines {
    // The server scans "%u\t%X/%X", where the tab matches any white space.
    private static final Pattern FORK = Pattern.compile(
            "\\s*([0-9]{1,10})\\s+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})(?![0-9A-Fa-f])(.*)", Pattern.DOTALL);

    private HistoryLines() {}

    static List<TimelineHistory.Fork> parse(TimelineId timeline, String text) {
        List<TimelineHistory.Fork> forks = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String content = line.stripLeading();
            if (!content.isEmpty() && content.charAt(0) != '#') {
                forks.add(parseLine(timeline, number, line));
            }
        }
        return forks;
    }

    private static TimelineHistory.Fork parseLine(TimelineId timeline, int number, String line) {
        Matcher matcher = FORK.matcher(line);
        if (!matcher.matches()) {
            throw new WalFormatException("History of timeline " + timeline + " is invalid in line " + number + " (\""
                    + line + "\"): expected a timeline number and the position at which it was left");
        }
        return new TimelineHistory.Fork(
                TimelineId.parse(matcher.group(1)), Lsn.parse(matcher.group(2)), reason(matcher.group(3)));
    }

    private static String reason(String rest) {
        String line = rest.endsWith("\r") ? rest.substring(0, rest.length() - 1) : rest;
        String reason = line.startsWith("\t") ? line.substring(1) : line;
        return reason.replace('\r', ' ');
    }
}
