/**
 * aio-stress, after the tool that the kernel's patches were tested with: writes and reads with
 * faults, and a model of what the device may hold.
 *
 * <p>{@link io.dioagent.samples.stress.AioStress} is the command, {@link
 * io.dioagent.samples.stress.StressRun} the same for tests.
 */
package io.dioagent.samples.stress;
