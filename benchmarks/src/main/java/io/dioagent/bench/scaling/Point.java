package io.dioagent.bench.scaling;

/**
 * One place on a series' axis.
 *
 * @param x where, in the unit of the axis
 * @param workload what is measured there
 */
record Point(double x, Workload workload) {}
