package io.dioagent.runtime;

import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Ended;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.Observation;
import io.dioagent.runtime.api.ReadMode;
import io.dioagent.runtime.api.ReadSink;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.async.AsyncFile;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.file.CachedPages;
import io.dioagent.runtime.file.Descriptors;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.PendingError;
import io.dioagent.runtime.file.WriteBehind;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.FileStatus;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.read.ReadAhead;
import io.dioagent.runtime.read.ReadCall;
import io.dioagent.runtime.write.CallerWrites;
import io.dioagent.runtime.write.Segments;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A file whose writes, and reads if the policy says so, go past the page cache as far as they can,
 * each ending exactly once within its deadline. Thread-safe; concurrent writes are not ordered
 * among themselves, but reads and writes at the descriptor's own offset must not run side by side.
 */
public final class DirectFile implements AutoCloseable {
  /**
   * The smallest block of a disk: a stream's reads of fewer bytes are left to the JDK and the page
   * cache.
   */
  public static final int SMALL_READ_BYTES = CachedPages.SMALL_READ_BYTES;

  /** Beyond it a file system's limit may be near, which is told by the write itself. */
  private static final long LARGEST_PIPELINED_OFFSET = 1L << 42;

  /** The watchdog's time to end what is overdue. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** What was read ahead ends by itself; what was lost does not. */
  private static final long LONGEST_READ_AHEAD_MILLIS = 1000;

  /** What is still in flight as a file is closed is waited for so long, and left behind then. */
  private static final long LONGEST_CLOSING_MILLIS = 20;

  /** A heap that is full is waited for so often, and this long each time. */
  private static final int CLOSING_TRIES = 500;

  private static final long CLOSING_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final FileContext context;
  private final DirectRuntime runtime;
  private final Descriptors descriptors;
  private final FileNode node;
  private final PendingError pendingError;
  private final AsyncFile async;
  private final Segments segments;
  private final CallerWrites callerWrites;

  /** Null where nothing is read ahead. */
  private final ReadAhead readAhead;

  DirectFile(DirectRuntime runtime, FileContext context) {
    this.runtime = runtime;
    this.context = context;
    descriptors = context.descriptors();
    node = context.node();
    pendingError = context.pendingError();
    async = new AsyncFile(context);
    segments = new Segments(context);
    callerWrites = new CallerWrites(context);
    boolean readsAhead = policy().read() == ReadMode.DIRECT && context.showsEachChange();
    readAhead = readsAhead ? new ReadAhead(context) : null;
  }

  /** The file's real path when it was opened. */
  public String path() {
    return context.path();
  }

  /** Offsets, lengths and addresses of direct writes are multiples of this many bytes. */
  public int alignBytes() {
    return context.ability().alignBytes();
  }

  /** Whether writes go direct as far as is known; a first write may prove the kernel wrong. */
  public boolean isDirect() {
    return context.ability().isDirect();
  }

  /**
   * Finds out what the file system does with writes to this file, which is empty, and open for
   * writing; may take as long as some megabytes take to the device.
   */
  public WriteTrial tryOut() {
    return WriteTrial.of(context);
  }

  /** In one line, why writes can(not) go direct. */
  public String reason() {
    return context.ability().reason();
  }

  /**
   * Like write(2): at the descriptor's own offset, which moves, or at the end of the file if it is
   * open with O_APPEND.
   *
   * <p>Under {@link WriteMode#PIPELINED} it may return before the device has it. If a write that
   * had returned has failed meanwhile, this one writes nothing and throws that error.
   *
   * @return bytes written; fewer than asked for as write(2) does (limits, full file systems)
   * @throws IOException whose message is strerror(3)'s text, with a {@link DirectIoException} that
   *     holds the details as its cause; or that exception itself, if the deadline passed
   * @throws InternalError if the source could not be read, and nothing was written
   */
  public long write(WriteSource source) throws IOException {
    if (context.isAppend()) {
      return writeAt(source, 0, -1);
    }
    int fd = descriptors.given();
    long position = ErrnoException.check("lseek", Linux.position(fd));
    long written = writeAt(source, position, position);
    if (written > 0) {
      ErrnoException.check("lseek", Linux.seek(fd, position + written));
    }
    return written;
  }

  /**
   * Like pwrite(2): at a position. With O_APPEND Linux ignores the position, and so does this.
   *
   * @see #write(WriteSource)
   */
  public long write(WriteSource source, long position) throws IOException {
    requirePosition(position);
    return writeAt(source, position, position);
  }

  /** {@link #write(WriteSource, long)} of a buffer's remaining bytes, whose position moves. */
  public int write(ByteBuffer source, long position) throws IOException {
    int written = (int) write(WriteSource.of(source), position);
    source.position(source.position() + written);
    return written;
  }

  /**
   * Like read(2): at the descriptor's own offset, which moves. With {@link ReadMode#DIRECT} it goes
   * past the page cache, in whole blocks around what is asked for; what cannot is read through it.
   *
   * @return bytes read; 0 at the end of the file
   * @throws IOException as {@link #write(WriteSource)} does
   */
  public long read(ReadSink sink) throws IOException {
    int fd = descriptors.given();
    long position = ErrnoException.check("lseek", Linux.position(fd));
    long read = read(sink, position);
    if (read > 0) {
      ErrnoException.check("lseek", Linux.seek(fd, position + read));
    }
    return read;
  }

  /**
   * Like pread(2): at a position.
   *
   * @see #read(ReadSink)
   */
  public long read(ReadSink sink, long position) throws IOException {
    requirePosition(position);
    return sink.lengthBytes() == 0 ? 0 : ReadCall.read(context, readAhead, sink, position);
  }

  private static void requirePosition(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("position is " + position + ", expected 0 or more");
    }
  }

  /**
   * Like pwrite(2), and returns at once: {@code ended} is told how it ended, exactly once, at the
   * latest soon after the deadline. Any number may be under way at once; those that overlap are not
   * ordered. What is aligned, and within the file, goes on one AIO context of the device's,
   * whatever the file; all else waits for a thread of a bounded number.
   *
   * <p>The source is read by threads of the runtime, one at a time, and must not change until then.
   * One that throws an exception when it is read fails the write.
   *
   * @throws IOException if the file is closed; then {@code ended} is told nothing
   */
  public void writeAsync(WriteSource source, long position, Ended ended) throws IOException {
    requirePosition(position);
    if (!async.enter()) {
      throw context.failures().closed();
    }
    boolean taken = false;
    try {
      runtime.asyncWriter(context.device()).write(async, source, position, ended);
      taken = true;
    } finally {
      if (!taken) {
        async.leave();
      }
    }
  }

  private long writeAt(WriteSource source, long position, long appendPosition) throws IOException {
    pendingError.throwIfAny();
    long startNanoTime = System.nanoTime();
    long length = source.lengthBytes();
    long taken = 0;
    if (length > 0 && mayPipeline(position, length)) {
      taken = runtime.pipelines().of(context).write(context, source, position, startNanoTime);
      if (taken == length) {
        return taken;
      }
    }
    node.settle();
    pendingError.throwIfAny();
    Origin origin = Origin.here(startNanoTime);
    return segments.write(source, taken, length, position, appendPosition, origin);
  }

  /** Whether a write may return before it has ended, as far as this file is concerned. */
  private boolean mayPipeline(long position, long lengthBytes) {
    if (policy().write() != WriteMode.PIPELINED
        || context.isAppend()
        || context.isSynchronous()
        || !context.isWritable()) {
      return false; // One that is not writable is refused by the kernel, at once.
    }
    int align = alignBytes();
    boolean refused =
        !policy().fallbackAllowed() && (!isDirect() || (position | lengthBytes) % align != 0);
    return !refused
        && position <= LARGEST_PIPELINED_OFFSET
        && align <= runtime.pipelines().largestChunkBytes()
        && descriptors.anchor();
  }

  /** A write that the caller makes itself. */
  public interface CallerWrite {
    /** Makes it. */
    void run() throws IOException;
  }

  /**
   * The caller writes a few bytes at the descriptor's own offset, through the page cache, by
   * itself: a way for those that come one by one. They do not stay in the cache for long. Meanwhile
   * no request of this process writes to the file past the page cache.
   *
   * @throws IOException of the write, if fallback is forbidden, or of a write that had returned
   */
  public void callerWrites(long lengthBytes, CallerWrite write) throws IOException {
    if (!policy().fallbackAllowed()) {
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
      write.run();
    } finally {
      node.claims().release(claim);
    }
  }

  /**
   * The caller is about to read a few bytes at the descriptor's own offset, as streams do. Below
   * {@link #SMALL_READ_BYTES} it does so by itself, through the page cache: a direct read of whole
   * blocks for each byte of a number takes milliseconds. What is on its way to the file is waited
   * for.
   *
   * @return false if the read is to go direct
   */
  public boolean callerReads(long lengthBytes) {
    if (lengthBytes >= SMALL_READ_BYTES || !policy().fallbackAllowed()) {
      return false;
    }
    node.settle();
    context.cachedPages().readByCaller(lengthBytes);
    return true;
  }

  /**
   * Writes what a descriptor has, from its own offset on, at this file's own: what the kernel would
   * do through the page cache. Both offsets move by what was written; where that is not all, going
   * on meets the reason.
   *
   * @param from a descriptor that is open for reading
   * @throws IOException if a write failed
   */
  public void copyFrom(int from) throws IOException {
    try (FileCopy copy = new FileCopy(this, from)) {
      copy.run();
    }
  }

  /**
   * fdatasync(2) or fsync(2), one for one. Waits as long as that does; one that takes longer than
   * the deadline is told as lost while it does, and as late when it ends.
   *
   * @throws IOException if the device did not take it all, or a write that had returned has failed
   */
  public void force(boolean metadata) throws IOException {
    settle();
    IOException failed = pendingError.take();
    if (failed == null) {
      sync(metadata);
      return;
    }
    try {
      sync(metadata);
    } catch (IOException | RuntimeException | Error e) {
      failed.addSuppressed(e);
    }
    throw failed;
  }

  private void sync(boolean metadata) throws IOException {
    Observed observed = Observed.force(context, metadata);
    int fd = descriptors.given();
    long result = -Errno.EINTR;
    context.device().traffic().enter();
    while (result == -Errno.EINTR) {
      result = metadata ? Linux.fsync(fd) : Linux.fdatasync(fd);
    }
    context.device().traffic().leave();
    observed.end(result);
    if (result < 0) {
      throw new IOException(Errno.message((int) -result));
    }
  }

  /**
   * Accounts a write that somebody else does on this file: told as lost while it hangs beyond the
   * deadline, and as late when it ends after all.
   *
   * @param offset -1 for the descriptor's own
   */
  public Observation observeWrite(long offset, long lengthBytes) {
    return Observed.write(
        context, context.isAppend() ? offset : observedOffset(offset), lengthBytes);
  }

  /**
   * Accounts that somebody else copies to this file what a descriptor has from its own offset on.
   * This file is closed when it ends.
   *
   * @return to be ended with any result that is not negative, for all of it
   */
  public Observation observeCopy(int from) {
    long length = Math.max(0, sizeBytes(from) - Math.max(0, Linux.position(from)));
    Observation copy = observeWrite(-1, length);
    return result -> {
      copy.end(result < 0 ? result : length);
      try {
        close();
      } catch (IOException e) { // Nothing was written by this file.
        Defects.log(Defects.At.CLOSE, context.path(), e);
      }
    };
  }

  /** Accounts a read that somebody else does on this file; see {@link #observeWrite}. */
  public Observation observeRead(long offset, long lengthBytes) {
    return Observed.read(context, observedOffset(offset), lengthBytes);
  }

  /** Where nobody hears of it, a descriptor's own offset is not worth a system call. */
  private long observedOffset(long offset) {
    return offset < 0 && context.runtime().events().isHeard()
        ? Math.max(-1, Linux.position(descriptors.given()))
        : offset;
  }

  /** Accounts a force that somebody else does on this file; see {@link #observeWrite}. */
  public Observation observeForce(boolean metadata) {
    return Observed.force(context, metadata);
  }

  // Barriers: for who is about to look at the file, or to change it, past this object.

  /**
   * Waits until all that this process has written to the file so far is in it, or its error is kept
   * for the next write, force or close of each that is open on it; until the deadline at most,
   * after which it counts as lost.
   */
  public void settle() {
    node.settle();
  }

  /** As {@link #settle()}, if a read of a range could see that something is on its way. */
  public void settle(long offset, long lengthBytes) {
    node.settle(offset, lengthBytes);
  }

  /**
   * Somebody looks at the file in ways that cannot be seen, such as by a mapping: writes wait for
   * their end until the hold is closed, and what was on its way has ended when this returns.
   */
  public FileHold keepSynchronous() {
    return runtime.hold(node);
  }

  /**
   * With no call under way: waits for asynchronous writes, and gives up what is read ahead. Only
   * {@link #close} may follow.
   *
   * @return false if a point in time, by {@link System#nanoTime}, came first; then nothing has
   *     changed
   */
  public boolean awaitIdle(long untilNanoTime) {
    if (!async.awaitNone(Limit.until(untilNanoTime))) {
      return false;
    }
    if (readAhead != null) {
      readAhead.close();
    }
    context.writeNotice().settle();
    descriptors.awaitUnused(LONGEST_READ_AHEAD_MILLIS);
    return true;
  }

  /**
   * Whether {@link #closeApart} leaves nothing behind: closing any descriptor of a file drops all
   * of the process's POSIX locks on it, and what a request told lost still uses would be closed at
   * an unpredictable time.
   */
  public boolean mayCloseEarly() {
    return descriptors.areUnopened() || (!descriptors.areInUse() && !descriptors.mayBeLocked());
  }

  /**
   * No more writes. Waits for asynchronous ones, at most until their deadlines have passed. The
   * runtime's own descriptors are closed, once the last write that is in flight has ended, and not
   * while the process has a lock on the file by another descriptor; a descriptor that was adopted
   * stays open, and is to be closed next.
   *
   * @throws IOException of a write that had returned; the file is closed all the same
   */
  @Override
  public void close() throws IOException {
    close(true);
  }

  /**
   * As {@link #close}, while the application goes on with the descriptor that was adopted, or has
   * closed it before: what would drop its locks is closed with the next descriptor of the same file
   * that it closes, or when the locks are gone.
   *
   * @throws IOException of a write that had returned; the file is closed all the same
   */
  public void closeApart() throws IOException {
    close(false);
  }

  private void close(boolean withApplication) throws IOException {
    OutOfMemoryError failure = endAllPatiently();
    context.close(withApplication);
    if (failure != null) {
      throw failure;
    }
    pendingError.throwIfAny();
  }

  /**
   * With a heap that is full for long the file is closed all the same, and bytes on their way that
   * no thread has begun to write are given up.
   *
   * @return why; null if all has ended
   */
  private OutOfMemoryError endAllPatiently() {
    for (int tries = 1; ; tries++) {
      try {
        endAll();
        return null;
      } catch (OutOfMemoryError e) {
        if (tries == CLOSING_TRIES) {
          WriteBehind behind = node.writeBehind();
          if (behind != null) {
            behind.abandon(context);
          }
          return e;
        }
        LockSupport.parkNanos(CLOSING_RETRY_NANOS);
      }
    }
  }

  private void endAll() {
    async.close(context.deadline().limit(GRACE_NANOS));
    if (readAhead != null) {
      readAhead.close();
    }
    callerWrites.flush();
    context.beginClosing();
    node.barrier();
    context.writeNotice().settle(); // Whoever watches hears of the writes before the close.
    // What is about to end is not left behind: the file could not be executed meanwhile, and its
    // watchers would not see it closed.
    descriptors.awaitUnused(LONGEST_CLOSING_MILLIS);
  }

  private static long sizeBytes(int fd) {
    try {
      return FileStatus.of(fd).sizeBytes();
    } catch (ErrnoException e) {
      return 0;
    }
  }

  /** As its requests see it. */
  FileContext context() {
    return context;
  }

  private FilePolicy policy() {
    return context.policy();
  }
}
