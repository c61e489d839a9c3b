package io.dioagent.bench.scaling;

/**
 * One point of a series.
 *
 * @param x the position, in the unit of the axis
 * @param workload the measured workload
 */
record Point(double x, Workload workload) {}
