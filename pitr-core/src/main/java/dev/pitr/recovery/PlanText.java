package dev.pitr.recovery;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.WalFileName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A plan as text for people. */
final class PlanText {
    private final RestorePlan plan;
    private final TextPage page = new TextPage();

    private PlanText(RestorePlan plan) {
        this.plan = plan;
    }

    static String print(RestorePlan plan) {
        PlanText text = new PlanText(plan);
        text.summary();
        text.backup();
        text.fetched();
        text.settings();
        text.steps();
        text.remarks();
        return text.page.toString();
    }

    private void summary() {
        page.heading("RESTORE PLAN")
                .field("cluster", plan.identity().toString())
                .field("target", plan.target().describe())
                .field("timeline", timeline());
        if (!plan.effectiveTarget().equals(plan.target())) {
            page.field("set to", plan.effectiveTarget().describe());
            plan.remarks().forEach(remark -> page.field("", remark));
        }
        page.field("stops", plan.predictedStop().describe());
        String label = "log says";
        for (String message : messages()) {
            page.field(label, message);
            label = "";
        }
    }

    private List<String> messages() {
        return plan.predictedStop().stop().map(RecoveryStop::messages).orElse(List.of());
    }

    private String timeline() {
        StringBuilder path = new StringBuilder(plan.history().timeline().toString());
        if (!(plan.timelineTarget() instanceof TimelineTarget.Number)) {
            path.append(" (").append(plan.timelineTarget()).append(')');
        }
        List<TimelineHistory.Fork> forks = plan.history().forks();
        for (int i = forks.size() - 1; i >= 0; i--) {
            path.append(i == forks.size() - 1 ? ", forked from " : ", that from ")
                    .append(forks.get(i).parent())
                    .append(" at ")
                    .append(forks.get(i).switchPoint());
        }
        return path.toString();
    }

    private void backup() {
        Backup backup = plan.backup();
        page.heading("FROM BACKUP " + backup.id())
                .field("label", backup.label())
                .field(
                        "taken",
                        Words.time(backup.startedAt()) + " to " + Words.time(backup.finishedAt()) + " from a "
                                + (backup.isFromStandby() ? "standby" : "primary") + ", PostgreSQL "
                                + backup.serverVersion())
                .field(
                        "replays",
                        "from " + backup.startLsn() + " on timeline " + backup.startTimeline() + "; consistent at "
                                + backup.stopLsn() + " on timeline " + backup.stopTimeline());
    }

    private void fetched() {
        Backup backup = plan.backup();
        page.heading("TO BE FETCHED")
                .field(
                        "backup",
                        Words.count(backup.objects().size(), "object") + ", "
                                + Words.bytes(plan.backupStoredBytes()) + " stored, "
                                + Words.bytes(backup.rawSizeBytes())
                                + " unpacked");
        List<WalCoverage.Run> runs = SegmentRuns.of(plan);
        page.field(
                "WAL",
                Words.count(plan.segments().size(), "segment")
                        + (plan.usesCarriedWal()
                                ? ", carried by the backup"
                                : ", at most " + Words.bytes(plan.walStoredBytes())));
        for (WalCoverage.Run run : runs) {
            page.field("", Words.range(run));
        }
        if (!plan.historyFiles().isEmpty()) {
            page.field(
                    "history",
                    plan.historyFiles().stream().map(WalFileName::name).collect(Collectors.joining(", ")));
        }
    }

    private void settings() {
        page.heading("SETTINGS");
        Map<String, String> settings = plan.recoverySettings();
        settings.forEach(
                (name, value) -> page.line(String.format(Locale.ROOT, "%-26s= '%s'", name, value.replace("'", "''"))));
    }

    private void steps() {
        page.heading("STEPS");
        int number = 1;
        for (String step : plan.steps()) {
            page.item(number++ + ".", step);
        }
    }

    private void remarks() {
        if (!plan.passedOver().isEmpty()) {
            page.heading("NEWER BACKUPS THAT CAN'T BE USED");
            plan.passedOver().forEach(refusal -> page.item("-", refusal.toString()));
        }
        if (!plan.warnings().isEmpty()) {
            page.heading("WARNINGS");
            plan.warnings().forEach(warning -> page.item("!", warning));
        }
    }
}
