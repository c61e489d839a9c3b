/**
 * aio-stress, named after the tool that tested the kernel patches: writes and reads with faults,
 * checked against a model of the device's contents.
 *
 * <p>{@link io.dioagent.samples.stress.AioStress} is the command; {@link
 * io.dioagent.samples.stress.StressRun} is its API for tests.
 */
package io.dioagent.samples.stress;
