package io.dioagent.runtime;

import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.FileStatus;
import io.dioagent.runtime.linux.FileSystemType;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A file whose writes go past the page cache as far as they can, each ending exactly once within
 * its deadline. Thread-safe; concurrent writes are not ordered among themselves, but those at the
 * descriptor's own offset must not run side by side.
 */
public final class DirectFile implements AutoCloseable {
  private final DirectRuntime runtime;
  private final String path;
  private final FilePolicy policy;
  private final Descriptors descriptors;
  private final Device device;
  private final boolean append;
  private final boolean synchronous;
  private final long inode;

  /** Only ever goes from direct to not direct. */
  private volatile Capability capability;

  private volatile boolean provenDirect;
  private volatile boolean nowaitRefused;
  private volatile boolean dontCacheRefused;
  private final CallerWrites callerWrites = new CallerWrites(this);

  private DirectFile(
      DirectRuntime runtime,
      String path,
      FilePolicy policy,
      Descriptors descriptors,
      int statusFlags,
      FileStatus status,
      Capability capability) {
    this.runtime = runtime;
    this.path = path;
    this.policy = policy;
    this.descriptors = descriptors;
    this.capability = capability;
    device = runtime.device(status.device());
    inode = status.inode();
    append = (statusFlags & Linux.O_APPEND) != 0;
    synchronous = (statusFlags & Linux.O_DSYNC) != 0;
  }

  /** Around an open descriptor; see {@link DirectRuntime#adopt}. */
  static DirectFile around(DirectRuntime runtime, int fd, boolean ours, FilePolicy policy)
      throws IOException {
    int flags = (int) ErrnoException.check("fcntl(F_GETFL)", Linux.statusFlags(fd));
    FileStatus status = FileStatus.of(fd);
    FileSystemType fileSystem = FileSystemType.of(fd);
    String path = DirectRuntime.pathOf(fd);
    if (!status.isRegularFile()
        || fileSystem == FileSystemType.PROC
        || fileSystem == FileSystemType.SYSFS) {
      throw new IOException(
          path
              + " is "
              + (status.isRegularFile() ? "on " + fileSystem : status.type())
              + ", expected a regular file on a disk");
    }
    if ((flags & Linux.O_ACCMODE) == Linux.O_RDONLY) {
      throw new IOException(path + " is open for reading only, expected for writing");
    }
    if ((flags & Linux.O_DIRECT) != 0) {
      throw new IOException(path + " is open with O_DIRECT already");
    }
    DirectFile file =
        new DirectFile(
            runtime,
            path,
            policy,
            new Descriptors(fd, ours, flags),
            flags,
            status,
            Capability.of(status, fileSystem));
    if (ours && file.isDirect()) {
      file.openDirect();
    }
    return file;
  }

  /** Our own file's, at once: who opens a file may wait. */
  private void openDirect() {
    try {
      descriptors.direct();
    } catch (ErrnoException e) {
      noDirectAfter(e.errno(), "no direct descriptor: " + e.getMessage());
    }
  }

  /** The file's real path when it was opened. */
  public String path() {
    return path;
  }

  /** Offsets, lengths and addresses of direct writes are multiples of this many bytes. */
  public int alignBytes() {
    Capability known = capability;
    return known.direct() ? known.offsetAlignBytes() : (int) Linux.PAGE_BYTES;
  }

  /** Whether writes go direct as far as is known; a first write may prove the kernel wrong. */
  public boolean isDirect() {
    return capability.direct();
  }

  /** In one line, why writes can(not) go direct. */
  public String reason() {
    return capability.reason();
  }

  /**
   * Like write(2): at the descriptor's own offset, which moves, or at the end of the file if it is
   * open with O_APPEND.
   *
   * @return bytes written; fewer than asked for as write(2) does (limits, full file systems)
   * @throws IOException whose message is strerror(3)'s text, with a {@link DirectIoException} that
   *     holds the details as its cause; or that exception itself, if the deadline passed
   * @throws InternalError if the source could not be read, and nothing was written
   */
  public long write(WriteSource source) throws IOException {
    if (append) {
      return writeSegments(source, 0, -1);
    }
    int fd = descriptors.given();
    long position = ErrnoException.check("lseek", Linux.position(fd));
    long written = writeSegments(source, position, position);
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
    if (position < 0) {
      throw new IllegalArgumentException("position is " + position + ", expected 0 or more");
    }
    return writeSegments(source, position, position);
  }

  /** {@link #write(WriteSource, long)} of a buffer's remaining bytes, whose position moves. */
  public int write(ByteBuffer source, long position) throws IOException {
    int written = (int) write(WriteSource.of(source), position);
    source.position(source.position() + written);
    return written;
  }

  private long writeSegments(WriteSource source, long position, long appendPosition)
      throws IOException {
    long startNanoTime = System.nanoTime();
    long length = source.lengthBytes();
    long done = 0;
    while (done < length) {
      int align = alignBytes();
      long whole = Math.max(runtime.segmentBytes(append), align);
      long segment = Math.min(length - done, whole - (position + done & align - 1));
      long result;
      try {
        long append = appendPosition < 0 ? appendPosition : appendPosition + done;
        result =
            SyncWrite.write(this, source, done, segment, position + done, append, startNanoTime);
      } catch (InternalError e) {
        if (done > 0) {
          return done;
        }
        throw e;
      }
      if (result < 0 && done > 0 && Parts.isLimit((int) -result)) {
        return done;
      }
      if (result < 0) {
        throw failed(position + done, segment, (int) -result);
      }
      done += result;
      if (result < segment) {
        break;
      }
    }
    return done;
  }

  /**
   * The caller is about to write a few bytes at the descriptor's own offset, through the page
   * cache, by itself: a way for those that come one by one. They do not stay in the cache for long.
   *
   * @throws IOException if fallback is forbidden
   */
  public void callerWrites(long lengthBytes) throws IOException {
    if (!policy.fallbackAllowed()) {
      throw callerWrites.forbidden();
    }
    callerWrites.add(lengthBytes);
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
   * @throws IOException if the device did not take it all
   */
  public void force(boolean metadata) throws IOException {
    Observed observed = Observed.force(this, metadata);
    int fd = descriptors.given();
    long result = -Errno.EINTR;
    while (result == -Errno.EINTR) {
      result = metadata ? Linux.fsync(fd) : Linux.fdatasync(fd);
    }
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
    boolean ownOffset = offset < 0 && !append;
    long position = ownOffset ? Math.max(-1, Linux.position(descriptors.given())) : offset;
    return Observed.write(this, position, lengthBytes);
  }

  /** Accounts a force that somebody else does on this file; see {@link #observeWrite}. */
  public Observation observeForce(boolean metadata) {
    return Observed.force(this, metadata);
  }

  /**
   * Whether {@link #close} before the application closes its own descriptor takes nothing from it:
   * closing any descriptor of a file drops all of the process's POSIX locks on it, and what a
   * request told lost still uses would be closed nobody knows when.
   */
  public boolean mayCloseEarly() {
    return descriptors.areUnopened() || (!descriptors.areInUse() && !PosixLocks.held(inode));
  }

  /**
   * No more writes. The runtime's own descriptors are closed, once the last write that is in flight
   * has ended; a descriptor that was adopted stays open.
   */
  @Override
  public void close() {
    callerWrites.flush();
    if (descriptors.close()) {
      runtime.closedFile();
    }
  }

  // What a write asks, and tells.

  DirectRuntime runtime() {
    return runtime;
  }

  FilePolicy policy() {
    return policy;
  }

  Descriptors descriptors() {
    return descriptors;
  }

  Device device() {
    return device;
  }

  boolean isAppend() {
    return append;
  }

  /** The offset to tell of a write: where an append goes, the kernel decides. */
  long toldOffset(long offset) {
    return append ? -1 : offset;
  }

  /** Why a write on this lane cannot go direct; null if it can. */
  String whyBuffered(Lane lane) {
    if (!lane.canGoDirect()) {
      return "no AIO: " + runtime.whyNotDirect();
    }
    if (append) {
      return "append (O_APPEND): one buffered write keeps it atomic";
    }
    Capability known = capability;
    return known.direct() ? null : known.reason();
  }

  /** Whether a caller may submit for itself, as nothing will make it wait. */
  boolean mayTryNowait() {
    return !nowaitRefused && descriptors.isDirectOpen();
  }

  void noNowait() {
    nowaitRefused = true;
  }

  void wentDirect() {
    provenDirect = true;
  }

  /** The trial failed, unless a direct write has succeeded before. */
  void noDirectAfterEinval() {
    if (!provenDirect) {
      noDirect("a direct write aligned to " + alignBytes() + " bytes was refused (EINVAL)");
    }
  }

  /** There is no direct descriptor; for want of descriptors or memory, it is tried again. */
  void noDirectAfter(int errno, String reason) {
    if (errno != Errno.EMFILE && errno != Errno.ENFILE && errno != Errno.ENOMEM) {
      noDirect(reason);
    }
  }

  private void noDirect(String reason) {
    Capability none = Capability.none(reason);
    capability = none;
    tellTagged();
  }

  void tellTagged() {
    Capability known = capability;
    runtime
        .events()
        .taggedFile(
            path,
            known.direct(),
            known.offsetAlignBytes(),
            known.memoryAlignBytes(),
            known.reason());
  }

  void refuseIfForbidden(List<WritePlan.Part> plan) throws IOException {
    if (policy.fallbackAllowed()) {
      return;
    }
    for (WritePlan.Part part : plan) {
      if (part.whyBuffered() != null) {
        throw forbidden(part.offset(), part.lengthBytes(), part.whyBuffered());
      }
    }
  }

  DirectIoException forbidden(long offset, long lengthBytes, String why) {
    return new DirectIoException(
        Errno.EINVAL,
        lengthBytes
            + " bytes at "
            + offset
            + " of "
            + path
            + " cannot go direct, and fallback is forbidden: "
            + why
            + "; write whole blocks of "
            + alignBytes()
            + " bytes, or allow fallback");
  }

  /** A buffered write, of what the lane has gathered, that leaves little in the page cache. */
  long writeGathered(Lane lane, RequestInfo part, int fd, long position) {
    while (true) {
      int flags = dontCacheRefused ? 0 : Linux.RWF_DONTCACHE;
      long result = lane.pageCache().write(part, fd, lane.gatherList(), position, flags);
      if (flags != 0 && (result == -Errno.EOPNOTSUPP || result == -Errno.EINVAL)) {
        dontCacheRefused = true;
      } else if (result != -Errno.EINTR) {
        return result;
      }
    }
  }

  /**
   * Waits until the device has a range of what was written buffered, and drops its pages.
   *
   * <p>RWF_DONTCACHE alone leaves a page that had a block on the device before (ext4, kernel 6.18),
   * such as the one that the end of one write shares with the beginning of the next.
   *
   * @return 0 or a negative errno
   */
  long flush(Lane lane, RequestInfo range) {
    int fd = descriptors.forWriteBack();
    long result = synchronous ? 0 : lane.pageCache().writeBack(range, fd);
    dropPages(fd, range.offset(), range.lengthBytes());
    return result;
  }

  /** Drops the clean pages that a range touches. */
  void dropPages(int fd, long offset, long lengthBytes) {
    // Whole pages only: fadvise(2) leaves those that the range touches in part.
    long from = offset & -Linux.PAGE_BYTES;
    long end = (offset + lengthBytes + Linux.PAGE_BYTES - 1) & -Linux.PAGE_BYTES;
    Linux.dropPages(fd, from, end - from);
  }

  private String describe(long offset, long lengthBytes) {
    String where = append ? "the end" : String.valueOf(offset);
    return "write of " + lengthBytes + " bytes at " + where + " of " + path;
  }

  /** Takes something, waiting until a point in time; null if the time came first. */
  interface Waiting<T> {
    T until(long nanoTime);
  }

  /**
   * Waits for what a write needs to start: until its deadline, or for ever, as the policy is.
   *
   * @throws DirectIoException if the deadline came first
   */
  <T> T waitFor(
      long offset, long lengthBytes, Origin origin, Waiting<T> source, Supplier<String> whyNot)
      throws DirectIoException {
    T got = source.until(origin.startNanoTime() + policy.deadline().toNanos());
    if (got == null) {
      notStarted(offset, lengthBytes, origin, whyNot.get());
      got = source.until(Waits.forever());
    }
    return got;
  }

  private void notStarted(long offset, long lengthBytes, Origin origin, String why)
      throws DirectIoException {
    runtime.lost(
        new RequestInfo(0, path, toldOffset(offset), lengthBytes),
        origin,
        policy.deadline().toNanos(),
        "not started: " + why);
    if (policy.onLost() == OnLost.FAIL) {
      throw new DirectIoException(
          Errno.ETIMEDOUT,
          describe(offset, lengthBytes)
              + " could not start within "
              + TimeUnit.NANOSECONDS.toMillis(origin.ageNanos())
              + " ms, deadline "
              + policy.deadline().toMillis()
              + " ms: "
              + why);
    }
  }

  IOException lost(RequestInfo request, Origin origin, String waitingFor) {
    return new DirectIoException(
        Errno.ETIMEDOUT,
        describe(request.offset(), request.lengthBytes())
            + " has not ended after "
            + TimeUnit.NANOSECONDS.toMillis(origin.ageNanos())
            + " ms, deadline "
            + policy.deadline().toMillis()
            + " ms: it was waiting for "
            + waitingFor
            + " and counts as lost");
  }

  private IOException failed(long offset, long lengthBytes, int errno) {
    DirectIoException details =
        new DirectIoException(
            errno, describe(offset, lengthBytes) + " ended with " + Errno.name(errno));
    return new IOException(Errno.message(errno), details);
  }
}
