package dev.pitr.examples.cli;

import dev.pitr.recovery.RecoveryWindowCalculator;
import dev.pitr.recovery.RecoveryWindows;
import dev.pitr.repository.Incarnation;
import picocli.CommandLine.Command;

/** {@code pitr window}. */
@Command(
        name = "window",
        description =
                "Shows which moments can be recovered along each timeline, to the microsecond. Exits 44 if none can.")
final class WindowCommand extends Subcommand {
    @Override
    public Integer call() {
        Incarnation incarnation = repository().open().repository().current();
        RecoveryWindows windows = RecoveryWindowCalculator.of(incarnation.catalogue(), incarnation.index())
                .windows();
        output().print(windows.describe(), windows.toJson());
        return (windows.all().isEmpty() ? ExitCode.ABSENT : ExitCode.OK).status();
    }
}
