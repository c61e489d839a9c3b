/** Draws pictures of results as SVG, without a screen. */
package io.dioagent.bench.plot;
