package io.dioagent.bench.io;

/**
 * How a file is written.
 *
 * @param ioBytes bytes per write
 * @param depth writes in flight
 * @param random at random positions, else one after another
 */
public record WriteShape(int ioBytes, int depth, boolean random) {}
