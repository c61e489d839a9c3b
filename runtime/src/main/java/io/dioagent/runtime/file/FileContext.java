package io.dioagent.runtime.file;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.ReadMode;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.device.Device;
import io.dioagent.runtime.device.Meter;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.FileStatus;
import io.dioagent.runtime.linux.FileSystemType;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.plan.Part;
import io.dioagent.runtime.plan.Parts;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * One open file, as its requests need it: descriptors, policy, ability, deadline, page cache and
 * errors. Thread-safe.
 */
public final class FileContext {
  private final OpenFiles files;
  private final String path;
  private final Supplier<FilePolicy> policy;
  private final Descriptors descriptors;
  private final Device device;
  private final long deviceNumber;
  private final FileNode node;
  private final boolean append;
  private final boolean synchronous;
  private final boolean writable;
  private final boolean showsEachChange;
  private final DirectAbility ability;
  private final CachedPages cachedPages;
  private final Failures failures;
  private final Deadline deadline = new Deadline(this);
  private final PendingError pendingError = new PendingError();
  private final WriteNotice writeNotice;
  private final Meter meter;

  /** No more writes are taken on their way. */
  private volatile boolean closing;

  private FileContext(
      OpenFiles files,
      String path,
      Supplier<FilePolicy> policy,
      Descriptors descriptors,
      int statusFlags,
      FileStatus status,
      FileNode node,
      FileSystemType fileSystem,
      String group) {
    this.files = files;
    this.path = path;
    this.policy = policy;
    this.descriptors = descriptors;
    this.node = node;
    append = (statusFlags & Linux.O_APPEND) != 0;
    synchronous = (statusFlags & Linux.O_DSYNC) != 0;
    writable = (statusFlags & Linux.O_ACCMODE) != Linux.O_RDONLY;
    showsEachChange = fileSystem.showsEachChange();
    Capability capability = Capability.of(status, fileSystem);
    ability = new DirectAbility(runtime(), path, append, descriptors, capability);
    deviceNumber = status.device();
    device = runtime().device(deviceNumber);
    cachedPages =
        new CachedPages(runtime(), path, policy, descriptors, synchronous, device.traffic());
    failures = new Failures(runtime(), path, append, policy, ability);
    writeNotice = new WriteNotice(this);
    meter = runtime().metrics().meter(group);
  }

  /** As the method below, in the group without a name. */
  public static FileContext around(
      OpenFiles files, int fd, boolean owned, Supplier<FilePolicy> policy) throws IOException {
    return around(files, fd, owned, policy, "");
  }

  /**
   * Opens the context of an open descriptor; see {@code DirectRuntime.adopt}.
   *
   * @param owned whether the runtime closes the descriptor
   * @param group whose bytes are counted together
   */
  public static FileContext around(
      OpenFiles files, int fd, boolean owned, Supplier<FilePolicy> policy, String group)
      throws IOException {
    int flags = (int) ErrnoException.check("fcntl(F_GETFL)", Linux.statusFlags(fd));
    FileStatus status = FileStatus.of(fd);
    FileSystemType fileSystem = FileSystemType.of(fd);
    String path = Linux.pathOf(fd);
    if (!status.isRegularFile()
        || fileSystem == FileSystemType.PROC
        || fileSystem == FileSystemType.SYSFS) {
      throw new IOException(
          path
              + " is "
              + (status.isRegularFile() ? "on " + fileSystem : status.type())
              + ", expected a regular file on a disk");
    }
    boolean reads = policy.get().read() != ReadMode.BUFFERED;
    if (!reads && (flags & Linux.O_ACCMODE) == Linux.O_RDONLY) {
      throw new IOException(path + " is open for reading only, expected for writing");
    }
    FileNode node = files.nodes().hold(status);
    FileContext file = null;
    try {
      Descriptors descriptors = new Descriptors(fd, owned, flags, reads, files, node);
      FileContext made =
          new FileContext(files, path, policy, descriptors, flags, status, node, fileSystem, group);
      files.nodes().add(node, made); // Not by the constructor: other threads see it from here on.
      file = made;
    } finally {
      if (file == null) {
        files.nodes().release(node);
      }
    }
    if (owned && file.ability.isDirect()) {
      file.ability.openDirect();
    }
    return file;
  }

  public RuntimeContext runtime() {
    return files.runtime();
  }

  public OpenFiles files() {
    return files;
  }

  /** The real path when the file was opened. */
  public String path() {
    return path;
  }

  /** The policy as it is now. */
  public FilePolicy policy() {
    return policy.get();
  }

  public Descriptors descriptors() {
    return descriptors;
  }

  public Device device() {
    return device;
  }

  /** As {@link FileStatus#device}. */
  long deviceNumber() {
    return deviceNumber;
  }

  public FileNode node() {
    return node;
  }

  /** Whether it is open with O_APPEND. */
  public boolean isAppend() {
    return append;
  }

  /** Whether each write waits for the device by itself (O_DSYNC). */
  public boolean isSynchronous() {
    return synchronous;
  }

  public boolean isWritable() {
    return writable;
  }

  /** As {@link FileSystemType#showsEachChange}. */
  public boolean showsEachChange() {
    return showsEachChange;
  }

  public DirectAbility ability() {
    return ability;
  }

  public int alignBytes() {
    return ability.alignBytes();
  }

  public CachedPages cachedPages() {
    return cachedPages;
  }

  public Failures failures() {
    return failures;
  }

  public Deadline deadline() {
    return deadline;
  }

  public PendingError pendingError() {
    return pendingError;
  }

  public WriteNotice writeNotice() {
    return writeNotice;
  }

  /** Counts the bytes written to it, with those of its group. */
  public Meter meter() {
    return meter;
  }

  /** The offset of a write as events show it: the kernel decides where an append goes. */
  public long reportedOffset(long offset) {
    return append ? -1 : offset;
  }

  /** A row of {@code DirectRuntime.inFlight}. */
  public InFlightRequest inFlight(
      String operation, RequestInfo request, Origin origin, String waitingFor) {
    return new InFlightRequest(
        operation,
        request,
        origin.ageNanos(),
        policy().deadline().toNanos(),
        waitingFor,
        origin.submitter(),
        deviceNumber);
  }

  /** Reports each part of a write that went through the page cache, and why. */
  public void reportFallback(Parts parts, long requestId, Origin origin) {
    for (int i = 0; i < parts.count(); i++) {
      Part part = parts.get(i);
      if (part.bufferedBytes() > 0) {
        // The bytes of the part that went direct come before.
        long offset = reportedOffset(part.offset() + part.directBytes());
        RequestInfo rest = new RequestInfo(requestId, path, offset, part.bufferedBytes());
        runtime()
            .events()
            .bufferedFallback(rest, origin.ageNanos(), part.whyBuffered(), origin.submitter());
      }
    }
  }

  // The end.

  public boolean isClosing() {
    return closing;
  }

  /** From now on no write is taken on its way. */
  public void beginClosing() {
    closing = true;
  }

  /**
   * Closes the descriptors; see {@link Descriptors#close}.
   *
   * @param withApplication whether the application closes its descriptor next
   */
  public void close(boolean withApplication) {
    if (descriptors.close(withApplication)) {
      files.nodes().remove(node, this);
      runtime().closedFile();
    }
  }
}
