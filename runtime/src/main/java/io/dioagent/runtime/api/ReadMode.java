package io.dioagent.runtime.api;

/** How reads are done. */
public enum ReadMode {
  /** By the page cache. */
  BUFFERED,

  /** Past the page cache. */
  DIRECT
}
