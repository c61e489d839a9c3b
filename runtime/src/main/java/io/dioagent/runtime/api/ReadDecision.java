package io.dioagent.runtime.api;

/**
 * Why a long sequential run of reads goes past the page cache, or not, with {@link ReadMode#AUTO}.
 */
public enum ReadDecision {
  /** Past the page cache: it is read once, and not cached. */
  DIRECT,

  /** Through the page cache: it has been read before, within ten minutes. */
  AGAIN,

  /** Through the page cache, which holds most of it. */
  CACHED,

  /** Through the page cache: the file ends soon. */
  SHORT,

  /** Through the page cache: the file cannot be read past it. */
  NOT_POSSIBLE
}
