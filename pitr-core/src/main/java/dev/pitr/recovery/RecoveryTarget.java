package dev.pitr.recovery;

import dev.pitr.wal.Lsn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;

/**
 * Where recovery shall stop: one of PostgreSQL's recovery targets, or the end of the archived WAL.
 *
 * <p>Made by the factory methods, inclusive by default as in PostgreSQL:
 * {@code RecoveryTarget.time(moment)}, {@code RecoveryTarget.xid(4711).exclusive()}.
 */
public sealed interface RecoveryTarget {
    /**
     * Returns the end of all WAL that is archived along the timeline.
     *
     * @return the target
     */
    static Latest latest() {
        return new Latest();
    }

    /**
     * Returns the first moment at which the backup is consistent.
     *
     * @return the target
     */
    static Immediate immediate() {
        return new Immediate();
    }

    /**
     * Returns the state at a moment, by the times of commit and abort records.
     *
     * @param time a moment in the years 1 to 294276
     * @return the target, inclusive
     * @throws InvalidTargetException if PostgreSQL has no such time
     */
    static Time time(Instant time) {
        return new Time(time, Inclusion.INCLUSIVE);
    }

    /**
     * Parses a moment: a date, a time and an offset from UTC, such as {@code 2026-11-20 14:26:42.123456+00},
     * {@code 2026-11-20T14:26:42Z} or {@code 2026-11-20 15:26+01:00}. A time without an offset is refused, and the
     * message shows what it would mean in UTC and in {@code here}.
     *
     * @param text the moment
     * @param here the zone that a careless reader would assume, for the message only
     * @return the target, inclusive
     * @throws InvalidTargetException if the text is no moment
     */
    static Time parseTime(String text, ZoneId here) {
        return time(TargetTimes.parse(text, here));
    }

    /**
     * Returns the end of a transaction, its commit or abort.
     *
     * @param xid a transaction number of 32 bits, from 3; or a full one of 64 bits, as {@code pg_current_xact_id()}
     *     shows it, of which the server compares the low 32 bits only (a plan warns of that)
     * @return the target, inclusive
     * @throws InvalidTargetException if no transaction has this number
     */
    static Xid xid(long xid) {
        return new Xid(xid, Inclusion.INCLUSIVE);
    }

    /**
     * Parses a transaction number. A leading zero and {@code 0x} are refused, since the server reads them as octal and
     * hexadecimal.
     *
     * @param text decimal digits
     * @return the target, inclusive
     * @throws InvalidTargetException if the text is no transaction number
     */
    static Xid parseXid(String text) {
        long xid = Numbers.parseDecimal(text, 19);
        if (xid < 0) {
            throw new InvalidTargetException("Cannot use recovery target xid \"" + text
                    + "\": expected a decimal number without leading zero, such as 4711");
        }
        return xid(xid);
    }

    /**
     * Returns a position.
     *
     * @param lsn any position after 0/0; it needn't be the start of a record
     * @return the target, inclusive
     * @throws InvalidTargetException for position 0/0
     */
    static AtLsn lsn(Lsn lsn) {
        return new AtLsn(lsn, Inclusion.INCLUSIVE);
    }

    /**
     * Returns a restore point that {@code pg_create_restore_point} made.
     *
     * @param name 1 to 63 bytes in UTF-8; of several restore points with this name the first one counts
     * @return the target
     * @throws InvalidTargetException if no restore point can have this name
     */
    static Name name(String name) {
        return new Name(name);
    }

    /**
     * Returns the settings that make a server stop here, unquoted, in the order in which to write them; none for
     * {@link Latest}. Timeline and action are not among them.
     *
     * @return setting to value
     */
    Map<String, String> settings();

    /**
     * Returns the word for this kind of target.
     *
     * @return {@code latest}, {@code immediate}, {@code time}, {@code xid}, {@code lsn} or {@code name}
     */
    String keyword();

    /**
     * Returns what the target names, as it stands in the settings.
     *
     * @return the value, empty for {@link Latest} and {@link Immediate}
     */
    default String value() {
        return settings().getOrDefault("recovery_target_" + keyword(), "");
    }

    /**
     * Returns what a person should read: the kind of target, its value, and what exactly stops recovery.
     *
     * @return one line without a full stop
     */
    String describe();

    /**
     * Calls the visitor's method for this kind of target.
     *
     * @param visitor what to do with each kind
     * @param <R> the visitor's result
     * @return what that method returned
     */
    <R> R accept(RecoveryTargetVisitor<R> visitor);

    /** The end of all archived WAL along the timeline. */
    record Latest() implements RecoveryTarget {
        @Override
        public Map<String, String> settings() {
            return Map.of();
        }

        @Override
        public String keyword() {
            return "latest";
        }

        @Override
        public String describe() {
            return "the end of the archived WAL";
        }

        @Override
        public <R> R accept(RecoveryTargetVisitor<R> visitor) {
            return visitor.latest(this);
        }
    }

    /** The first moment at which the backup is consistent. */
    record Immediate() implements RecoveryTarget {
        @Override
        public Map<String, String> settings() {
            return Map.of("recovery_target", "immediate");
        }

        @Override
        public String keyword() {
            return "immediate";
        }

        @Override
        public String describe() {
            return "immediate: as soon as the backup is consistent";
        }

        @Override
        public <R> R accept(RecoveryTargetVisitor<R> visitor) {
            return visitor.immediate(this);
        }
    }

    /**
     * A moment, by the times of commit and abort records. Inclusive: before the first of them that is later;
     * exclusive: before the first of them that isn't earlier ({@code recoveryStopsBefore} in {@code xlogrecovery.c}).
     *
     * <p>The server knows microseconds. A finer moment keeps its meaning: the setting is rounded down for an inclusive
     * target and up for an exclusive one, which stop before the same record.
     *
     * @param time the moment, as given
     * @param inclusion whether a transaction that ended at that very moment is replayed
     */
    record Time(Instant time, Inclusion inclusion) implements RecoveryTarget {
        /** Checks the range. */
        public Time {
            TargetTimes.check(time);
        }

        /**
         * Returns the target that leaves out what ended at that very moment.
         *
         * @return the same moment, exclusive
         */
        public Time exclusive() {
            return new Time(time, Inclusion.EXCLUSIVE);
        }

        @Override
        public Map<String, String> settings() {
            return Settings.of("recovery_target_time", TargetTimes.print(effective()), inclusion);
        }

        /** The moment in microseconds, as the server will read it. */
        Instant effective() {
            return TargetTimes.toMicroseconds(time, inclusion);
        }

        @Override
        public String keyword() {
            return "time";
        }

        @Override
        public String describe() {
            String stop = inclusion == Inclusion.INCLUSIVE ? "later than" : "at or after";
            return "time " + TargetTimes.print(effective()) + ": before the first commit or abort " + stop + " it";
        }

        @Override
        public <R> R accept(RecoveryTargetVisitor<R> visitor) {
            return visitor.time(this);
        }
    }

    /**
     * The end of a transaction: its commit or abort record. A subtransaction that committed with its parent has no
     * record of its own and is never met.
     *
     * @param xid the number as given, to be read as unsigned
     * @param inclusion whether the transaction's end is replayed
     */
    record Xid(long xid, Inclusion inclusion) implements RecoveryTarget {
        private static final long FIRST_NORMAL = 3;

        /** Checks the range. */
        public Xid {
            if ((xid & 0xFFFF_FFFFL) < FIRST_NORMAL) {
                throw new InvalidTargetException("Cannot use recovery target xid " + Long.toUnsignedString(xid)
                        + ": no transaction has this number, the first is 3");
            }
        }

        /**
         * Returns the target that leaves the transaction out.
         *
         * @return the same transaction, exclusive
         */
        public Xid exclusive() {
            return new Xid(xid, Inclusion.EXCLUSIVE);
        }

        /**
         * Returns what the server compares.
         *
         * @return the low 32 bits, unsigned
         */
        public long xid32() {
            return xid & 0xFFFF_FFFFL;
        }

        @Override
        public Map<String, String> settings() {
            return Settings.of("recovery_target_xid", Long.toString(xid32()), inclusion);
        }

        @Override
        public String keyword() {
            return "xid";
        }

        @Override
        public String describe() {
            return "xid " + xid32() + ": " + (inclusion == Inclusion.INCLUSIVE ? "after" : "before")
                    + " its commit or abort";
        }

        @Override
        public <R> R accept(RecoveryTargetVisitor<R> visitor) {
            return visitor.xid(this);
        }
    }

    /**
     * A position. Inclusive: after the first record that starts at or behind it, which is one record more than "the
     * state at that position"; exclusive: before that record.
     *
     * @param lsn the position
     * @param inclusion whether that record is replayed
     */
    record AtLsn(Lsn lsn, Inclusion inclusion) implements RecoveryTarget {
        /** Checks that it is a position at all. */
        public AtLsn {
            if (lsn.equals(Lsn.ZERO)) {
                throw new InvalidTargetException("Cannot use recovery target lsn 0/0: it is no position in the WAL");
            }
        }

        /**
         * Returns the target that leaves the record at the position out.
         *
         * @return the same position, exclusive
         */
        public AtLsn exclusive() {
            return new AtLsn(lsn, Inclusion.EXCLUSIVE);
        }

        @Override
        public Map<String, String> settings() {
            return Settings.of("recovery_target_lsn", lsn.toString(), inclusion);
        }

        @Override
        public String keyword() {
            return "lsn";
        }

        @Override
        public String describe() {
            return "lsn " + lsn + ": " + (inclusion == Inclusion.INCLUSIVE ? "after" : "before")
                    + " the first record that starts at or behind it";
        }

        @Override
        public <R> R accept(RecoveryTargetVisitor<R> visitor) {
            return visitor.lsn(this);
        }
    }

    /**
     * A restore point. Inclusion has no meaning for it: it changes nothing.
     *
     * @param name 1 to 63 bytes in UTF-8, without control characters
     */
    record Name(String name) implements RecoveryTarget {
        private static final int MAX_BYTES = 63;

        /** Checks length and characters. */
        public Name {
            int bytes = name.getBytes(StandardCharsets.UTF_8).length;
            if (bytes < 1 || bytes > MAX_BYTES) {
                throw new InvalidTargetException("Cannot use recovery target name \"" + name + "\": it has " + bytes
                        + " bytes, a restore point's name has 1 to 63");
            }
            if (name.chars().anyMatch(Character::isISOControl)
                    || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
                throw new InvalidTargetException("Cannot use a recovery target name with control characters or broken"
                        + " characters: use the restore point's position (lsn) as the target");
            }
        }

        @Override
        public Map<String, String> settings() {
            return Map.of("recovery_target_name", name);
        }

        @Override
        public String keyword() {
            return "name";
        }

        @Override
        public String describe() {
            return "name \"" + name + "\": after the first restore point of that name";
        }

        @Override
        public <R> R accept(RecoveryTargetVisitor<R> visitor) {
            return visitor.name(this);
        }
    }
}
