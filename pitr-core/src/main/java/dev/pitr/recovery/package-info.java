/**
 * Deciding where to recover to, and how: {@link dev.pitr.recovery.RecoveryTarget}, and
 * {@link dev.pitr.recovery.RestorePlanBuilder}, which turns a catalogue and a target into a
 * {@link dev.pitr.recovery.RestorePlan} or typed refusals; and telling what can be recovered at all:
 * {@link dev.pitr.recovery.RecoveryWindowCalculator}. Pure functions of what they are given: no input or output but through
 * a {@link dev.pitr.catalog.WalIndex}, no clock, no logging. Start with {@link dev.pitr.recovery.RestorePlan#from}.
 */
@NullMarked
package dev.pitr.recovery;

import org.jspecify.annotations.NullMarked;
