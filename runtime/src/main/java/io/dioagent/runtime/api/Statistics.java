package io.dioagent.runtime.api;

/**
 * Counters since the runtime started, and current levels.
 *
 * @param writes writes that ended, with or without an error
 * @param directBytes bytes written past the page cache
 * @param bufferedBytes bytes written through the page cache
 * @param errors writes and reads that ended with an error, each reported by {@link
 *     EventSink#completionError}; excludes requests that only counted as lost
 * @param lost requests that passed their deadline
 * @param late requests among the lost that ended later
 * @param notStarted requests among the lost that were never handed to the kernel: none ends late
 * @param duplicates completions dropped because the I/O had ended already
 * @param unknown completions dropped because their id was never issued
 * @param collisions direct writes whose range stayed in the page cache
 * @param inFlight requests in flight now
 * @param quarantinedBytes buffer memory that the kernel may still read for requests reported lost
 * @param bufferBytes buffer memory in use now, including the quarantined memory
 * @param openFiles files under the runtime now
 */
public record Statistics(
    long writes,
    long directBytes,
    long bufferedBytes,
    long errors,
    long lost,
    long late,
    long notStarted,
    long duplicates,
    long unknown,
    long collisions,
    int inFlight,
    long quarantinedBytes,
    long bufferBytes,
    int openFiles) {}
