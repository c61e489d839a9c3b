package io.dioagent.runtime.api;

/** The way of reads: through the page cache or past it. */
public enum ReadMode {
  /** Through the page cache. */
  BUFFERED,

  /** Past the page cache. */
  DIRECT,

  /**
   * Past the page cache for long sequential runs that are read once, through it otherwise; see
   * {@link ReadDecision}. As {@link #DIRECT} where fallback is forbidden.
   */
  AUTO
}
