package io.dioagent.runtime;

import io.dioagent.runtime.api.CallerWrite;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.async.AsyncFile;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.behind.BehindWrites;
import io.dioagent.runtime.behind.Trails;
import io.dioagent.runtime.file.Descriptors;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.PendingError;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.pipeline.Pipelines;
import io.dioagent.runtime.write.CallerWrites;
import io.dioagent.runtime.write.Segments;
import java.io.IOException;

/** The writes of a {@link DirectFile} whose caller waits, or that are pipelined. Thread-safe. */
final class FileWrites {
  /**
   * Limits pipelined offsets: above, a write is synchronous, so that EFBIG at a file system's limit
   * reaches the caller.
   */
  private static final long LARGEST_PIPELINED_OFFSET = 1L << 42;

  private final FileContext context;
  private final Pipelines pipelines;
  private final Descriptors descriptors;
  private final FileNode node;
  private final PendingError pendingError;
  private final CallerWrites callerWrites;
  private final BehindWrites behind;

  FileWrites(FileContext context, Pipelines pipelines, Trails trails) {
    this.context = context;
    this.pipelines = pipelines;
    descriptors = context.descriptors();
    node = context.node();
    pendingError = context.pendingError();
    callerWrites = new CallerWrites(context);
    behind = new BehindWrites(context, trails);
  }

  /** As {@link DirectFile#write(WriteSource)}. */
  long atOwnOffset(WriteSource source) throws IOException {
    if (context.isAppend()) {
      return at(source, 0, -1);
    }
    int fd = descriptors.given();
    long position = ErrnoException.check("lseek", Linux.position(fd));
    long written = at(source, position, position);
    if (written > 0) {
      ErrnoException.check("lseek", Linux.seek(fd, position + written));
    }
    return written;
  }

  /** Writes at a position, or at the end of the file if it is open with O_APPEND. */
  long at(WriteSource source, long position, long appendPosition) throws IOException {
    pendingError.throwIfAny();
    long startNanoTime = System.nanoTime();
    long length = source.lengthBytes();
    long taken = 0;
    if (length > 0 && mayPipeline(position, length)) {
      taken = pipelines.of(context).write(context, source, position, startNanoTime);
      if (taken == length) {
        return taken;
      }
    }
    node.settle();
    pendingError.throwIfAny();
    Origin origin = Origin.here(startNanoTime);
    return Segments.write(context, source, taken, length, position, appendPosition, origin);
  }

  /** Returns whether this file allows a write to return before it has ended. */
  private boolean mayPipeline(long position, long lengthBytes) {
    if (context.policy().write() != WriteMode.PIPELINED
        || context.isAppend()
        || context.isSynchronous()
        || !context.isWritable()) {
      return false; // The kernel refuses a write to a file that is not writable, at once.
    }
    int align = context.ability().alignBytes();
    boolean refused =
        !context.policy().fallbackAllowed()
            && (!context.ability().isDirect() || (position | lengthBytes) % align != 0);
    return !refused
        && position <= LARGEST_PIPELINED_OFFSET
        && align <= pipelines.largestChunkBytes()
        && descriptors.anchor();
  }

  /** As {@link DirectFile#callerWrites}. */
  void byCaller(long lengthBytes, CallerWrite write) throws IOException {
    if (!context.policy().fallbackAllowed()) {
      throw callerWrites.forbidden();
    }
    pendingError.throwIfAny();
    node.settle();
    pendingError.throwIfAny();
    callerWrites.add(lengthBytes);
    PageClaim claim = PageClaim.cachedFile();
    try {
      if (!node.claims().claim(claim)) {
        long offset = Math.max(0, Linux.position(descriptors.given()));
        context.deadline().awaitClaim(claim, offset, lengthBytes, Origin.here(System.nanoTime()));
      }
      long unused = write.run();
    } finally {
      node.claims().release(claim);
    }
  }

  /** As {@link DirectFile#isWrittenBehind}. */
  boolean areBehind() {
    FilePolicy policy = context.policy();
    WriteMode mode = policy.write();
    return policy.fallbackAllowed()
        && (mode == WriteMode.BEHIND || (mode == WriteMode.AUTO && !context.isSynchronous()));
  }

  /** As {@link DirectFile#isWrittenBehind(long, long)}. */
  boolean isBehind(AsyncFile async, long position, long lengthBytes) {
    return areBehind()
        && (context.policy().write() == WriteMode.BEHIND
            || behind.hasFailure() // The caller's own write throws it.
            || !isDirectAlone(position, lengthBytes)
            || !async.leavesSize(position + lengthBytes));
  }

  /** Whether a write needs no page of the cache, as far as offset, length and file go. */
  private boolean isDirectAlone(long position, long lengthBytes) {
    boolean aligned = ((position | lengthBytes) & (context.alignBytes() - 1)) == 0;
    return aligned
        && lengthBytes > 0
        && position <= Long.MAX_VALUE - lengthBytes
        && context.ability().isDirect();
  }

  /** The writes that callers make themselves, and behind which pages are dropped. */
  BehindWrites behind() {
    return behind;
  }

  /** Ends the accounts of writes that callers made themselves. */
  void flush() {
    callerWrites.flush();
    behind.close();
  }
}
