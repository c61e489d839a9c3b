package io.dioagent.runtime.file;

import io.dioagent.runtime.device.Device;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.linux.FileStatus;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * State that all files of one runtime share: their nodes, the descriptors kept because of locks,
 * and the notices that are due. Thread-safe.
 */
public final class OpenFiles {
  private final RuntimeContext runtime;
  private final FileNodes nodes = new FileNodes();
  private final KeptDescriptors kept;
  private final AtomicInteger pendingNotices = new AtomicInteger();
  private final AtomicBoolean unnotifiedLogged = new AtomicBoolean();
  private final ConcurrentMap<Device, WriteNotices> notices = new ConcurrentHashMap<>();

  public OpenFiles(RuntimeContext runtime) {
    this.runtime = runtime;
    kept = new KeptDescriptors(nodes, runtime.watchdog(), runtime.threads());
  }

  public RuntimeContext runtime() {
    return runtime;
  }

  public FileNodes nodes() {
    return nodes;
  }

  public KeptDescriptors kept() {
    return kept;
  }

  /** The node of a file by its status; null if there is no status, or no file is open on it. */
  public FileNode find(FileStatus status) {
    return status == null ? null : nodes.find(status);
  }

  /** Notices of one device. */
  WriteNotices notices(Device device) {
    WriteNotices known = notices.get(device);
    return known != null
        ? known
        : notices.computeIfAbsent(device, one -> new WriteNotices(this, one));
  }

  /** Notices that are due or under way, of all devices. */
  public AtomicInteger pendingNotices() {
    return pendingNotices;
  }

  /** Whether this is the first file whose watchers cannot be notified. */
  boolean isFirstUnnotified() {
    return unnotifiedLogged.compareAndSet(false, true);
  }

  /** Waits until no notice of a node is due, for a bounded time. */
  public void quiet(FileNode node) {
    for (FileContext file : nodes.files(node)) {
      file.writeNotice().settle();
    }
  }
}
