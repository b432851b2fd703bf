package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.recovery.RecoveryWindows.OnTimeline;
import dev.pitr.wal.TimelineHistory;
import java.util.List;
import java.util.stream.Collectors;

/** Windows as text for people. */
final class WindowText {
    private static final int MAX_BACKUPS = 4;

    private final TextPage page = new TextPage();

    private WindowText() {}

    static String print(RecoveryWindows windows) {
        WindowText text = new WindowText();
        text.picture(windows);
        windows.timelines().forEach(text::timeline);
        return text.page.toString();
    }

    private void picture(RecoveryWindows windows) {
        page.heading("RECOVERY WINDOWS").field("cluster", windows.identity().toString());
        WindowPicture.of(windows.timelines()).ifPresent(picture -> {
            page.heading("TIMELINES");
            for (OnTimeline timeline : windows.timelines()) {
                page.line(String.format("%10s  %s", timeline.history().timeline(), picture.line(timeline))
                        .stripTrailing());
            }
            page.line("");
            page.line(WindowPicture.LEGEND);
        });
    }

    private void timeline(OnTimeline timeline) {
        page.heading("TIMELINE " + timeline.history().timeline() + origin(timeline.history()));
        if (timeline.windows().isEmpty()) {
            page.line("No moment can be recovered: no usable backup lies on the way to it.");
        }
        int number = 1;
        for (RecoveryWindow window : timeline.windows()) {
            window(timeline.windows().size() == 1 ? "" : number++ + ".", window);
        }
        if (!timeline.gaps().isEmpty()) {
            page.field("missing", Words.ranges(timeline.gaps()));
        }
    }

    private static String origin(TimelineHistory history) {
        List<TimelineHistory.Fork> forks = history.forks();
        if (forks.isEmpty()) {
            return "";
        }
        TimelineHistory.Fork fork = forks.get(forks.size() - 1);
        return ", forked from " + fork.parent() + " at " + fork.switchPoint();
    }

    private void window(String number, RecoveryWindow window) {
        page.field((number + " from").strip(), edge(window.start()))
                .field("to", edge(window.end()))
                .field("WAL up to", window.archivedUpTo() + "; " + window.reason())
                .field("backups", backups(window.backups()));
    }

    private static String edge(RecoveryWindow.Edge edge) {
        return edge.lsn() + " on timeline " + edge.timeline()
                + edge.commit()
                        .map(commit ->
                                ", transaction " + commit.xid() + " committed at " + TargetTimes.print(commit.time()))
                        .orElse("");
    }

    private static String backups(List<Backup> backups) {
        int hidden = backups.size() - MAX_BACKUPS;
        List<Backup> shown = hidden > 0 ? backups.subList(hidden, backups.size()) : backups;
        String names = shown.stream().map(Backup::id).collect(Collectors.joining(", "));
        return hidden > 0 ? Words.count(hidden, "older one") + ", " + names : names;
    }
}
