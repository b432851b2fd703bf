package dev.pitr.recovery;

import dev.pitr.error.PitrException;
import java.util.List;

/**
 * No plan can be made. The {@linkplain #code() code} is that of the {@linkplain #refusals() first refusal}, the one that
 * came closest; the message explains each backup, and names the nearest request that can be planned.
 */
public final class RestoreRefusedException extends PitrException {
    private static final long serialVersionUID = 1L;

    private final transient List<Refusal> refusals;

    RestoreRefusedException(String message, List<Refusal> refusals) {
        super(refusals.get(0).kind().code(), message);
        this.refusals = List.copyOf(refusals);
    }

    /**
     * Returns every reason, the most useful first.
     *
     * @return at least one
     */
    public List<Refusal> refusals() {
        return refusals;
    }

    /**
     * Returns the refusals as JSON, with kebab-case keys and a {@code version}.
     *
     * @return one JSON object
     */
    public String toJson() {
        return RefusalJson.print(this);
    }
}
