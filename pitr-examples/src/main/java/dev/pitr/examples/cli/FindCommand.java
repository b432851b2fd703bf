package dev.pitr.examples.cli;

import dev.pitr.Pitr;
import dev.pitr.history.ChangeKind;
import dev.pitr.history.HistoryBuilder;
import dev.pitr.history.HistoryEntry;
import dev.pitr.history.RelationNames;
import dev.pitr.history.ServerNames;
import dev.pitr.recovery.RecoveryTarget;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.TimelineId;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pitr find}. */
@Command(
        name = "find",
        description = {
            "Lists what happened, newest first, each with the target just before it. Reads only segments that matter.",
            "Without --drops and the like: all transactions, restore points and timeline switches. Exits 44 if there",
            "is nothing to list."
        })
final class FindCommand extends Subcommand {
    private static final int DEFAULT_LIMIT = 20;

    @Option(names = "--since", paramLabel = "TIME|LSN", description = "The earliest time, with a zone, or position.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME|LSN", description = "The latest time, with a zone, or position.")
    private @Nullable String until;

    @Option(names = "--timeline", paramLabel = "NUMBER", description = "The timeline to follow. Default: the newest.")
    private @Nullable Long timeline;

    @Option(names = "--drops", description = "Dropped tables, sequences, materialized views, databases.")
    private boolean drops;

    @Option(names = "--truncates", description = "Truncated tables.")
    private boolean truncates;

    @Option(names = "--rewrites", description = "Tables written anew: changed types, VACUUM FULL, CLUSTER.")
    private boolean rewrites;

    @Option(names = "--deletes-over", paramLabel = "N", description = "Transactions that deleted more rows.")
    private @Nullable Long deletesOver;

    @Option(names = "--updates-over", paramLabel = "N", description = "Transactions that updated more rows.")
    private @Nullable Long updatesOver;

    @Option(
            names = "--relation",
            paramLabel = "NAME|NUMBER",
            description = "Only what touched this relation: name, OID or file number.")
    private @Nullable String relation;

    @Option(names = "--xid", paramLabel = "XID", description = "This transaction.")
    private @Nullable String xid;

    @Option(names = "--aborted", description = "Transactions that were rolled back, too.")
    private boolean aborted;

    @Option(names = "--limit", paramLabel = "N", description = "How many to list. Default: " + DEFAULT_LIMIT + ".")
    private int limit = DEFAULT_LIMIT;

    @Option(
            names = "--url",
            paramLabel = "JDBC_URL",
            description = {
                "A server to ask for names that the newest backups don't know.",
                "A password comes from $PGPASSWORD or ~/.pgpass, never from the command line."
            })
    private @Nullable String url;

    @Override
    public Integer call() {
        List<HistoryEntry> found;
        try (Stream<HistoryEntry> entries = query(repository().open()).build().newestFirst()) {
            found = entries.limit(limit + 1L).toList();
        }
        boolean more = found.size() > limit;
        List<HistoryEntry> shown = more ? found.subList(0, limit) : found;
        output().print(text(shown, more), json -> EntryJson.write(json, shown, more));
        return (shown.isEmpty() ? ExitCode.ABSENT : ExitCode.OK).status();
    }

    private HistoryBuilder query(Pitr pitr) {
        HistoryBuilder query = pitr.history().names(names(pitr));
        setRange(query);
        setKinds(query);
        if (relation != null) {
            if (relation.matches("\\d{1,10}")) {
                query.relation(Long.parseLong(relation));
            } else {
                query.relation(relation);
            }
        }
        if (xid != null) {
            query.xid(RecoveryTarget.parseXid(xid).xid32());
        }
        if (aborted) {
            query.aborted();
        }
        return query;
    }

    private RelationNames names(Pitr pitr) {
        RelationNames ofBackups = pitr.namesOfBackups();
        return url == null
                ? ofBackups
                : ofBackups.or(ServerNames.read(ServerOptions.checked(url), ServerOptions.environment()));
    }

    private void setRange(HistoryBuilder query) {
        if (timeline != null) {
            query.timeline(new TimelineId(timeline));
        }
        if (since != null && since.indexOf('/') >= 0) {
            query.from(Lsn.parse(since));
        } else if (since != null) {
            query.since(RecoveryTarget.parseTime(since, ZoneId.systemDefault()).time());
        }
        if (until != null && until.indexOf('/') >= 0) {
            query.to(Lsn.parse(until));
        } else if (until != null) {
            query.until(RecoveryTarget.parseTime(until, ZoneId.systemDefault()).time());
        }
    }

    private void setKinds(HistoryBuilder query) {
        if (drops) {
            query.only(ChangeKind.DROP, ChangeKind.DATABASE_DROP);
        }
        if (truncates) {
            query.only(ChangeKind.TRUNCATE);
        }
        if (rewrites) {
            query.only(ChangeKind.REWRITE);
        }
        if (deletesOver != null) {
            query.deletesOver(deletesOver);
        }
        if (updatesOver != null) {
            query.updatesOver(updatesOver);
        }
    }

    private static String text(List<HistoryEntry> shown, boolean more) {
        if (shown.isEmpty()) {
            return "Nothing was found in the archived WAL.";
        }
        String entries = shown.stream().map(HistoryEntry::describe).collect(Collectors.joining("\n\n"));
        return more ? entries + "\n\nThere is more: raise --limit, or narrow the search down." : entries;
    }
}
