/**
 * Writes that callers make themselves through the page cache, whose pages are written back and
 * dropped behind them. Uses {@code file} and {@code device}, and the packages below these that
 * {@code PackagesTest} lists. Not exported.
 */
package io.dioagent.runtime.behind;
