/**
 * Fakes for tests, deterministic and driven by the test's own thread: {@link io.posthorn.testkit.MemoryJournal}, a
 * log that
 * can crash, for whoever stands above the journal's seam; {@link io.posthorn.testkit.SimulatedDisk}, a disk that
 * loses and
 * tears what was not synced and fails on request, for the journal itself and for simulations of the whole. Chance
 * comes in
 * as a {@link java.util.Random} with a seed that the test prints.
 */
package io.posthorn.testkit;
