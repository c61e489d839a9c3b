package io.dioagent.runtime;

import io.dioagent.runtime.api.CallerWrite;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Ended;
import io.dioagent.runtime.api.Observation;
import io.dioagent.runtime.api.ReadMode;
import io.dioagent.runtime.api.ReadSink;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.async.AsyncFile;
import io.dioagent.runtime.behind.BehindWrites;
import io.dioagent.runtime.file.CachedPages;
import io.dioagent.runtime.file.Descriptors;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.Observed;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file whose writes, and reads if the policy says so, go past the page cache as far as possible.
 * Each ends exactly once within its deadline. Thread-safe. Concurrent writes are not ordered among
 * themselves; reads and writes at the descriptor's own offset must not run concurrently.
 */
public final class DirectFile implements AutoCloseable {
  /**
   * The smallest block of a disk: shorter reads of a stream are left to the JDK and the page cache.
   */
  public static final int SMALL_READ_BYTES = CachedPages.SMALL_READ_BYTES;

  private final FileContext context;
  private final DirectRuntime runtime;
  private final Descriptors descriptors;
  private final FileNode node;
  private final AsyncFile async;
  private final FileWrites writes;
  private final FileReads reads;
  private final FileForce force;
  private final FileObservations observed;
  private final FileClosing closing;

  DirectFile(DirectRuntime runtime, FileContext context) {
    this.runtime = runtime;
    this.context = context;
    descriptors = context.descriptors();
    node = context.node();
    async = new AsyncFile(context);
    writes = new FileWrites(context, runtime.pipelines(), runtime.trails());
    force = new FileForce(context);
    observed = new FileObservations(context);
    reads = new FileReads(context, runtime.readHistory());
    closing = new FileClosing(context, async, writes, reads);
  }

  /** Returns the file's real path when it was opened. */
  public String path() {
    return context.path();
  }

  /**
   * Returns the alignment of direct writes: offsets, lengths and addresses are multiples of so many
   * bytes.
   */
  public int alignBytes() {
    return context.ability().alignBytes();
  }

  /** Returns whether writes are expected to go direct; the first write may fail to. */
  public boolean isDirect() {
    return context.ability().isDirect();
  }

  /**
   * Finds out how the file system handles writes to this file, which must be empty and open for
   * writing. May take as long as some megabytes take to the device.
   */
  public WriteTrial tryOut() {
    return WriteTrial.of(context);
  }

  /** Returns in one line why writes can or cannot go direct. */
  public String reason() {
    return context.ability().reason();
  }

  /**
   * Like write(2): at the descriptor's own offset, which moves, or at the end of the file if it is
   * open with O_APPEND.
   *
   * <p>Under {@link WriteMode#PIPELINED} it may return before the device has the bytes. If an
   * earlier write failed after it had returned, this one writes nothing and throws that error.
   *
   * @return bytes written; fewer than asked for as write(2) does (limits, full file systems)
   * @throws IOException whose message is strerror(3)'s text, with a {@link DirectIoException} that
   *     holds the details as its cause; or that exception itself, if the deadline passed
   * @throws InternalError if the source could not be read, and nothing was written
   */
  public long write(WriteSource source) throws IOException {
    return writes.atOwnOffset(source);
  }

  /**
   * Like pwrite(2): at a position. With O_APPEND Linux ignores the position, and so does this
   * method.
   *
   * @see #write(WriteSource)
   */
  public long write(WriteSource source, long position) throws IOException {
    requirePosition(position);
    return writes.at(source, position, position);
  }

  /**
   * Writes a buffer's remaining bytes, and moves its position; as {@link #write(WriteSource,
   * long)}.
   */
  public int write(ByteBuffer source, long position) throws IOException {
    int written = (int) write(WriteSource.of(source), position);
    source.position(source.position() + written);
    return written;
  }

  /**
   * Like read(2): at the descriptor's own offset, which moves. With {@link ReadMode#DIRECT} it
   * reads past the page cache, in whole blocks around the range. What cannot go direct is read
   * through the cache.
   *
   * @return bytes read; 0 at the end of the file
   * @throws IOException as {@link #write(WriteSource)} does
   */
  public long read(ReadSink sink) throws IOException {
    return reads.atOwnOffset(sink);
  }

  /**
   * Like pread(2): at a position.
   *
   * @see #read(ReadSink)
   */
  public long read(ReadSink sink, long position) throws IOException {
    requirePosition(position);
    return reads.at(sink, position);
  }

  /**
   * Returns whether a read that begins now is one for {@link #read}. Otherwise the caller reads
   * through the page cache by itself, once it has called {@link #settle}. With {@link
   * ReadMode#AUTO} it depends on the reads so far, so each read is to be asked for once.
   *
   * @param position -1 for the descriptor's own offset
   */
  public boolean readsDirect(long position, long lengthBytes) {
    return reads.areDirect(position, lengthBytes);
  }

  private static void requirePosition(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("position is " + position + ", expected 0 or more");
    }
  }

  /**
   * Like pwrite(2), and returns at once. The result is delivered to {@code ended} exactly once, at
   * the latest soon after the deadline. Any number of writes may be in flight at once; overlapping
   * ones are not ordered. An aligned write within the file uses the device's AIO context,
   * regardless of file; all other writes wait for a thread of a bounded number.
   *
   * <p>The source is read by threads of the runtime, one at a time, and must not change until the
   * result is delivered. If reading it throws an exception, the write fails.
   *
   * @throws IOException if the file is closed; then {@code ended} is not called
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

  /**
   * Runs a small write that the caller makes itself, at the descriptor's own offset and through the
   * page cache. For small writes that come one by one. Their bytes do not stay in the cache for
   * long. Meanwhile no request of this process writes to the file past the page cache.
   *
   * @throws IOException of the write, if fallback is forbidden, or of an earlier write that had
   *     returned
   */
  public void callerWrites(long lengthBytes, CallerWrite write) throws IOException {
    writes.byCaller(lengthBytes, write);
  }

  /** Returned by {@link #tryWriteBehind}: nothing was done. No write returns it. */
  public static final long NOT_READY = BehindWrites.NOT_READY;

  /**
   * Returns whether callers are to make writes themselves, by {@link #writeBehind}: the policy is
   * {@link WriteMode#BEHIND}, or {@link WriteMode#AUTO} on a file without O_DSYNC, and allows
   * fallback.
   */
  public boolean isWrittenBehind() {
    return writes.areBehind();
  }

  /**
   * As {@link #isWrittenBehind()}, of one asynchronous write. Under {@link WriteMode#AUTO} whole
   * blocks within the file are for {@link #writeAsync}, unless an earlier error is to be thrown.
   */
  public boolean isWrittenBehind(long position, long lengthBytes) {
    return writes.isBehind(async, position, lengthBytes);
  }

  /**
   * Runs a write that the caller makes itself, through the page cache, and has its pages written
   * back and dropped behind it. Meanwhile no request of this process writes to the same pages past
   * the page cache.
   *
   * @param position -1 for the descriptor's own offset
   * @return as the write
   * @throws IOException of the write; of an earlier write-back; or if the deadline passed before
   *     the write could begin, because too much is to be written back
   */
  public long writeBehind(long position, long lengthBytes, CallerWrite write) throws IOException {
    return writes.behind().write(position, lengthBytes, write);
  }

  /**
   * As {@link #writeBehind}, if nothing has to be waited for, looked up or reported first. Needs
   * little stack, once such a write has been made.
   *
   * @return as the write, or {@link #NOT_READY}
   */
  public long tryWriteBehind(long position, long lengthBytes, CallerWrite write)
      throws IOException {
    return writes.behind().tryWrite(position, lengthBytes, write);
  }

  /**
   * Prepares a small read at the descriptor's own offset, as streams do. Below {@link
   * #SMALL_READ_BYTES} the caller reads through the page cache itself: a direct read of whole
   * blocks for each byte of a number takes milliseconds. Waits for writes in transit to the file.
   *
   * @return false if the read has to go direct
   */
  public boolean callerReads(long lengthBytes) {
    return reads.areByCaller(lengthBytes);
  }

  /**
   * Writes the contents of a descriptor, from its own offset on, at this file's own offset, as the
   * kernel would through the page cache. Both offsets move by what was written. If that is not all,
   * the next call gets the reason.
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
   * Calls fdatasync(2) or fsync(2), once for each call, and waits as long as that does. A force
   * that takes longer than the deadline is reported lost meanwhile, and late when it ends.
   *
   * @throws IOException if the device did not take all bytes, or an earlier write that had returned
   *     has failed
   */
  public void force(boolean metadata) throws IOException {
    force.run(metadata);
  }

  /**
   * Accounts a write that other code does on this file: reported lost when it exceeds the deadline,
   * and late when it ends afterwards.
   *
   * @param offset -1 for the descriptor's own
   */
  public Observation observeWrite(long offset, long lengthBytes) {
    return observed.write(offset, lengthBytes);
  }

  /**
   * Accounts a copy that other code makes to this file from a descriptor, from its own offset on.
   * This file is closed when the copy ends.
   *
   * @return to be ended with any result that is not negative, for all of it
   */
  public Observation observeCopy(int from) {
    return observed.copy(this, from);
  }

  /** Accounts a read that other code does on this file; see {@link #observeWrite}. */
  public Observation observeRead(long offset, long lengthBytes) {
    return observed.read(offset, lengthBytes);
  }

  /** As {@link #observeRead}, without a deadline; null if no events are recorded. */
  public Observation observeCached(long offset, long lengthBytes) {
    return reads.observeCached(offset, lengthBytes);
  }

  /** Accounts a force that other code does on this file; see {@link #observeWrite}. */
  public Observation observeForce(boolean metadata) {
    return Observed.force(context, metadata);
  }

  // Barriers, for code that is about to access the file other than by this object.

  /**
   * Waits until all earlier writes of this process to the file have ended. An error is kept for the
   * next write, force or close of each channel that is open on it. Waits at most until the
   * deadline, after which a write counts as lost.
   */
  public void settle() {
    node.settle();
  }

  /** As {@link #settle()}, if a read of a range could see that a write is in transit. */
  public void settle(long offset, long lengthBytes) {
    node.settle(offset, lengthBytes);
  }

  /**
   * Makes writes wait for their end until the hold is closed, for accesses that the runtime cannot
   * see, such as a mapping. All writes in transit have ended when this returns.
   */
  public FileHold keepSynchronous() {
    return runtime.barriers().hold(node);
  }

  /**
   * Waits for asynchronous writes, and gives up reading ahead. No other call may be under way, and
   * only {@link #close} may follow.
   *
   * @return false if a point in time, by {@link System#nanoTime}, came first; then nothing has
   *     changed
   */
  public boolean awaitIdle(long untilNanoTime) {
    return closing.awaitIdle(untilNanoTime);
  }

  /**
   * Returns whether {@link #closeApart} leaves no descriptor open. Closing any descriptor of a file
   * drops all of the process's POSIX locks on it. A descriptor that a lost request still uses would
   * be closed at an unpredictable time.
   */
  public boolean mayCloseEarly() {
    return descriptors.areUnopened() || (!descriptors.areInUse() && !descriptors.mayBeLocked());
  }

  /**
   * Ends writing. Waits for asynchronous writes, at most until their deadlines have passed. The
   * runtime's own descriptors are closed as soon as the last write in flight has ended. They stay
   * open while the process has a lock on the file by another descriptor. A descriptor that was
   * adopted stays open, and has to be closed next.
   *
   * @throws IOException of a write that had returned; the file is closed all the same
   */
  @Override
  public void close() throws IOException {
    closing.close(true);
  }

  /**
   * As {@link #close}, while the application keeps the adopted descriptor open, or has closed it
   * before. A descriptor whose close would drop the application's locks stays open. It is closed
   * with the next descriptor of the same file that the application closes, or when the locks are
   * gone.
   *
   * @throws IOException of a write that had returned; the file is closed all the same
   */
  public void closeApart() throws IOException {
    closing.close(false);
  }

  /** Returns the file as its requests see it. */
  FileContext context() {
    return context;
  }
}
