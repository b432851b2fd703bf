/**
 * Deciding where to recover to, and how: {@link dev.pitr.recovery.RecoveryTarget}, and
 * {@link dev.pitr.recovery.RestorePlanBuilder}, which turns a catalogue and a target into a
 * {@link dev.pitr.recovery.RestorePlan} or typed refusals. Pure functions: no input or output, no clock, no logging. Start with
 * {@link dev.pitr.recovery.RestorePlan#from}.
 */
@NullMarked
package dev.pitr.recovery;

import org.jspecify.annotations.NullMarked;
