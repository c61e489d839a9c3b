package io.dioagent.runtime.api;

/** The way of reads: through the page cache or past it. */
public enum ReadMode {
  /** Through the page cache. */
  BUFFERED,

  /** Past the page cache. */
  DIRECT
}
