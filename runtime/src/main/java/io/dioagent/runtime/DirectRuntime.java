package io.dioagent.runtime;

import io.dioagent.runtime.api.AnomalyListener;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.Measurements;
import io.dioagent.runtime.api.ReadDecision;
import io.dioagent.runtime.api.ReadMode;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.async.AsyncWriter;
import io.dioagent.runtime.behind.Trails;
import io.dioagent.runtime.device.Device;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.ChosenEngine;
import io.dioagent.runtime.engine.EngineKind;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.OpenFiles;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.FileStatus;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.memory.AlignedMemory;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.pipeline.Pipelines;
import io.dioagent.runtime.queue.LaneQueue;
import io.dioagent.runtime.read.ReadHistory;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** The direct-I/O runtime: contexts, buffers, threads and counters, for any number of files. */
public final class DirectRuntime implements AutoCloseable {
  private final RuntimeContext context;
  private final OpenFiles files;
  private final Pipelines pipelines;
  private final Trails trails;
  private final ReadHistory readHistory = new ReadHistory();
  private final Barriers barriers;
  private final ConcurrentMap<Device, AsyncWriter> asyncWriters = new ConcurrentHashMap<>();

  private DirectRuntime(RuntimeOptions options, EventSink events, AioEngine engine) {
    context = new RuntimeContext(options, events, engine);
    files = new OpenFiles(context);
    pipelines = new Pipelines(context);
    trails = new Trails(context);
    barriers = new Barriers(files, pipelines);
    context.events().inFlightFrom(this::inFlight);
    context.events().statisticsFrom(this::statistics);
  }

  /**
   * Starts a runtime on AIO, or otherwise on pwrite. Does not fail if neither works: then writes go
   * buffered, and events report it.
   */
  public static DirectRuntime start(RuntimeOptions options, EventSink events) {
    return start(options, events, new ChosenEngine(EngineKind.AUTO));
  }

  /** Starts a runtime on a given engine, or on one around it, such as one that injects faults. */
  public static DirectRuntime start(RuntimeOptions options, EventSink events, AioEngine engine) {
    return new DirectRuntime(options, events, engine);
  }

  /**
   * Returns the reason why no write can go direct; tries to make a context to find out.
   *
   * @return null if writes can; otherwise one line with the reason and the remedy
   */
  public String whyNotDirect() {
    return context.whyNotDirect();
  }

  /**
   * Opens a file for writing, with a descriptor of the runtime.
   *
   * @param options of {@link StandardOpenOption}: CREATE, CREATE_NEW, TRUNCATE_EXISTING, APPEND,
   *     SYNC, DSYNC; READ and WRITE change nothing
   * @throws IOException if it cannot be opened, or is not a regular file
   */
  public DirectFile open(Path path, FilePolicy policy, OpenOption... options) throws IOException {
    int fd =
        (int)
            ErrnoException.check(
                "open " + path, Linux.open(path.toString(), OpenFlags.of(options), 0666));
    try {
      return register(FileContext.around(files, fd, true, () -> policy));
    } catch (IOException | RuntimeException e) {
      Linux.close(fd);
      throw e;
    }
  }

  /**
   * Adopts a descriptor that other code opened and will close, right after {@link
   * DirectFile#close}. The runtime opens its own descriptors beside it when needed.
   *
   * @param fd an open descriptor
   * @throws IOException if it is not one of a regular file on a disk, open for writing (or only for
   *     reading, unless with {@link ReadMode#BUFFERED}) and not for direct I/O; the message has its
   *     type
   */
  public DirectFile adopt(int fd, FilePolicy policy) throws IOException {
    return adopt(fd, () -> policy);
  }

  /**
   * As {@link #adopt(int, FilePolicy)}, under a policy that may change. New values of deadline,
   * onLost, onCollision and fallbackAllowed apply to operations that begin afterwards, and possibly
   * to those under way. The other values stay as they are.
   *
   * @param policy may be called by any thread, often
   */
  public DirectFile adopt(int fd, Supplier<FilePolicy> policy) throws IOException {
    return adopt(fd, policy, "");
  }

  /**
   * As {@link #adopt(int, Supplier)}, in a group of files.
   *
   * @param group names the files whose bytes {@link #measurements} has together
   */
  public DirectFile adopt(int fd, Supplier<FilePolicy> policy, String group) throws IOException {
    return register(FileContext.around(files, fd, false, policy, group));
  }

  private DirectFile register(FileContext opened) {
    DirectFile file = new DirectFile(this, opened);
    context.openedFile();
    opened.ability().reportTagged();
    return file;
  }

  /** Returns in one line why no descriptor's path can be found; null if paths can. */
  public static String whyNoPaths() {
    return Linux.readLink("/proc/self/exe") != null
        ? null
        : "readlinkat of /proc/self/exe fails (no procfs, or a seccomp filter): no file can be"
            + " tagged";
  }

  /**
   * Returns the charset in which the runtime decodes file names: the JDK's, but UTF-8 in the locale
   * C.
   */
  public static Charset fileNames() {
    return Linux.fileNames();
  }

  /**
   * Returns the real path of a descriptor's file (proc(5), /proc/self/fd), or null if it has none.
   */
  public static String pathOf(int fd) {
    return Linux.pathOf(fd);
  }

  // Barriers, for code that is about to access a file other than by the runtime.

  /**
   * Returns whether any write is still in transit to its file. One volatile read.
   *
   * @see WriteMode#PIPELINED
   */
  public boolean hasPending() {
    return pipelines.hasPending();
  }

  /**
   * As {@link DirectFile#settle()}, for a descriptor that was not adopted, of any file. Does
   * nothing if nothing is pending, or the descriptor is not open.
   */
  public void settle(int fd) {
    barriers.settle(fd);
  }

  /** As {@link #settle(int)}, for a path; a symbolic link is followed. */
  public void settlePath(String path) {
    barriers.settlePath(path);
  }

  /** Other code of this process has changed the size of a descriptor's file. */
  public void sizeChanged(int fd) {
    barriers.sizeChanged(fd);
  }

  /**
   * Returns whether any side effect of a write is still to come. One volatile read.
   *
   * @see #quiet
   */
  public boolean hasNotices() {
    return files.pendingNotices().get() != 0;
  }

  /**
   * Waits until this process's writes to a file have no further side effect, such as a notification
   * of its watchers. For code that is about to set the file's times or rights. The wait is bounded
   * if the device is stuck.
   *
   * @param path is followed if it is a symbolic link; null for all files
   */
  public void quiet(String path) {
    barriers.quiet(path);
  }

  // Locks: closing any descriptor of a file drops all of the process's POSIX locks on it
  // (fcntl(2)).

  /**
   * The application is about to request a lock on a descriptor's file. Until the call has returned,
   * and as long as the lock is held, the runtime closes no descriptor of that file by itself.
   *
   * @return to be closed when the call has returned; null if the descriptor is not open
   */
  public LockCall lockCall(int fd) {
    return barriers.lockCall(fd);
  }

  /**
   * The application is about to close a descriptor, which drops the locks on its file. The runtime
   * now closes its own descriptors that it kept open because of them. One volatile read if there
   * are none.
   */
  public void applicationCloses(int fd) {
    barriers.applicationCloses(fd);
  }

  /** Returns how many closed files still have descriptors of the runtime because of a lock. */
  public int keptDescriptors() {
    return files.kept().count();
  }

  /** As {@link #settle(int)}, for all files. */
  public void settleAll() {
    pipelines.settleAll();
  }

  /**
   * Makes every write wait for its end from now on, regardless of policy, and settles all writes in
   * transit. For the end of the process, when no force or close may follow.
   */
  public void stopPipelining() {
    pipelines.stop();
  }

  /**
   * As {@link DirectFile#keepSynchronous()}, for a descriptor that was not adopted.
   *
   * @throws IOException if it is not open
   */
  public FileHold keepSynchronous(int fd) throws IOException {
    return barriers.keepSynchronous(FileStatus.of(fd));
  }

  /**
   * As {@link #keepSynchronous(int)}, for a file by its path.
   *
   * @return null if there is none
   */
  public FileHold keepSynchronous(String path) {
    FileStatus status = FileStatus.ifThere(path);
    return status == null ? null : barriers.keepSynchronous(status);
  }

  /**
   * Makes a queue for asynchronous writes, for one thread at a time.
   *
   * @param depth writes that may be in flight at once, 1 to {@value RuntimeOptions#MAX_QUEUE_DEPTH}
   */
  public WriteQueue newQueue(int depth) {
    if (depth < 1 || depth > RuntimeOptions.MAX_QUEUE_DEPTH) {
      throw new IllegalArgumentException(
          "depth is " + depth + ", expected 1 to " + RuntimeOptions.MAX_QUEUE_DEPTH);
    }
    return new WriteQueue(new LaneQueue(context, depth));
  }

  /**
   * Allocates memory for asynchronous writes, within the runtime's bound.
   *
   * @param lengthBytes 1 to maxIoBytes
   * @throws IllegalStateException if the bound leaves none
   */
  public AlignedBuffer allocate(int lengthBytes) {
    if (lengthBytes < 1 || lengthBytes > context.options().maxIoBytes()) {
      throw new IllegalArgumentException(
          "lengthBytes is " + lengthBytes + ", expected 1 to " + context.options().maxIoBytes());
    }
    NativeBuffer[] memory = context.buffers().acquireUnshared(lengthBytes);
    if (memory == null) {
      throw new IllegalStateException("no buffer memory is free; " + context.buffers().describe());
    }
    return new AlignedBuffer(new AlignedMemory(context.buffers(), memory));
  }

  /**
   * Returns operations that have begun and not ended: writes, direct reads, forces, and observed
   * ones; in no order. Any thread, at any time, also while a device is stuck.
   */
  public List<InFlightRequest> inFlight() {
    List<InFlightRequest> all = context.inFlight();
    pipelines.addInFlight(all);
    return all;
  }

  /** Sets the listener that is notified of anomalies; null for no listener. */
  public void listen(AnomalyListener newListener) {
    context.listen(newListener);
  }

  /**
   * Returns how many steps of 4 MiB of long sequential runs were decided so, with {@link
   * ReadMode#AUTO}.
   */
  public long readSteps(ReadDecision decision) {
    return readHistory.steps(decision);
  }

  /** Returns the counters since the start, and current levels. */
  public Statistics statistics() {
    return context.statistics();
  }

  /** Returns further counters, and durations of the last minute. */
  public Measurements measurements() {
    return context.metrics().measurements();
  }

  /**
   * Gives back contexts, buffers and threads. Files must be closed before; operations in flight
   * keep those that they use.
   */
  @Override
  public void close() {
    context.events().statisticsFrom(null);
    context.events().inFlightFrom(null);
    pipelines.stop();
    asyncWriters.values().forEach(AsyncWriter::close);
    context.close();
  }

  /**
   * Delivers the results of asynchronous writes on these threads from now on. One or two of them
   * stay taken for each device.
   *
   * @param threads daemons, without a bound that would keep a task waiting
   */
  public void deliverOn(Executor threads) {
    context.deliverOn(threads);
  }

  // For the facade's own classes.

  RuntimeContext context() {
    return context;
  }

  OpenFiles files() {
    return files;
  }

  Pipelines pipelines() {
    return pipelines;
  }

  Trails trails() {
    return trails;
  }

  ReadHistory readHistory() {
    return readHistory;
  }

  Barriers barriers() {
    return barriers;
  }

  /** Returns the writer of a device's asynchronous writes. */
  AsyncWriter asyncWriter(Device device) {
    AsyncWriter known = asyncWriters.get(device);
    return known != null
        ? known
        : asyncWriters.computeIfAbsent(device, one -> new AsyncWriter(context, one));
  }
}
