package io.dioagent.runtime;

/** How reads are done. */
public enum ReadMode {
  /** By the page cache. */
  BUFFERED,

  /** Past the page cache. */
  DIRECT
}
