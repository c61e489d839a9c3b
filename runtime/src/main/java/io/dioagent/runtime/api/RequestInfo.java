package io.dioagent.runtime.api;

/**
 * One request as events show it.
 *
 * @param requestId never reused within one runtime; 0 if no request was made
 * @param path the file's real path when it was opened
 * @param offset first byte, from the start of the file; -1 if it is not known
 * @param lengthBytes bytes asked for
 */
public record RequestInfo(long requestId, String path, long offset, long lengthBytes) {}
