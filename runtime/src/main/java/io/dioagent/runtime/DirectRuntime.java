package io.dioagent.runtime;

import io.dioagent.runtime.api.AnomalyListener;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.ReadMode;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.async.AsyncWriter;
import io.dioagent.runtime.device.Device;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.ChosenEngine;
import io.dioagent.runtime.engine.EngineKind;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.FileNode;
import io.dioagent.runtime.file.OpenFiles;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.FileStatus;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.memory.AlignedMemory;
import io.dioagent.runtime.memory.NativeBuffer;
import io.dioagent.runtime.pipeline.Pipelines;
import io.dioagent.runtime.queue.LaneQueue;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
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
  private final ConcurrentMap<Device, AsyncWriter> asyncWriters = new ConcurrentHashMap<>();

  private DirectRuntime(RuntimeOptions options, EventSink events, AioEngine engine) {
    context = new RuntimeContext(options, events, engine);
    files = new OpenFiles(context);
    pipelines = new Pipelines(context);
    context.events().statisticsFrom(this::statistics);
  }

  /**
   * Starts a runtime on AIO, or else on pwrite. Does not fail where there is neither: then writes
   * go buffered, and say so.
   */
  public static DirectRuntime start(RuntimeOptions options, EventSink events) {
    return start(options, events, new ChosenEngine(EngineKind.AUTO));
  }

  /** Starts a runtime on a chosen engine, or one around it, such as one that injects faults. */
  public static DirectRuntime start(RuntimeOptions options, EventSink events, AioEngine engine) {
    return new DirectRuntime(options, events, engine);
  }

  /**
   * Why writes cannot go direct at all; tries to make a context to find out.
   *
   * @return null if they can, else one line that says why not and what to do
   */
  public String whyNotDirect() {
    return context.whyNotDirect();
  }

  /**
   * Opens a file of the runtime's own, for writing.
   *
   * @param options of {@link StandardOpenOption}: CREATE, CREATE_NEW, TRUNCATE_EXISTING, APPEND,
   *     SYNC, DSYNC; READ and WRITE change nothing
   * @throws IOException if it cannot be opened, or is not a regular file
   */
  public DirectFile open(Path path, FilePolicy policy, OpenOption... options) throws IOException {
    int fd =
        (int)
            ErrnoException.check(
                "open " + path, Linux.open(path.toString(), openFlags(options), 0666));
    try {
      return register(FileContext.around(files, fd, true, () -> policy));
    } catch (IOException | RuntimeException e) {
      Linux.close(fd);
      throw e;
    }
  }

  private static int openFlags(OpenOption... options) {
    int flags = Linux.O_RDWR | Linux.O_CLOEXEC;
    for (OpenOption option : options) {
      if (!(option instanceof StandardOpenOption standard)) {
        throw new UnsupportedOperationException(
            "open option is "
                + option
                + ", expected one of "
                + List.of(StandardOpenOption.values()));
      }
      switch (standard) {
        case READ, WRITE, SPARSE -> {}
        case CREATE -> flags |= Linux.O_CREAT;
        case CREATE_NEW -> flags |= Linux.O_CREAT | Linux.O_EXCL;
        case TRUNCATE_EXISTING -> flags |= Linux.O_TRUNC;
        case APPEND -> flags |= Linux.O_APPEND;
        case SYNC -> flags |= Linux.O_SYNC;
        case DSYNC -> flags |= Linux.O_DSYNC;
        default ->
            throw new UnsupportedOperationException(
                "open option " + option + " of " + Arrays.toString(options) + " is not supported");
      }
    }
    return flags;
  }

  /**
   * Takes on a descriptor that somebody else opened and will close, right after {@link
   * DirectFile#close}. Descriptors of the runtime's own are opened beside it when they are needed.
   *
   * @param fd an open descriptor
   * @throws IOException if it is not one of a regular file on a disk, open for writing (or only for
   *     reading, with {@link ReadMode#DIRECT}) and not for direct I/O; the message says what it is
   */
  public DirectFile adopt(int fd, FilePolicy policy) throws IOException {
    return adopt(fd, () -> policy);
  }

  /**
   * The same, under a policy that may change: deadline, onLost, onCollision and fallbackAllowed
   * count for operations that begin afterwards, and may for those under way; the others stay as
   * they are.
   *
   * @param policy may be asked by any thread, often
   */
  public DirectFile adopt(int fd, Supplier<FilePolicy> policy) throws IOException {
    return register(FileContext.around(files, fd, false, policy));
  }

  private DirectFile register(FileContext opened) {
    DirectFile file = new DirectFile(this, opened);
    context.openedFile();
    opened.ability().reportTagged();
    return file;
  }

  /** In one line, why no descriptor's path can be found out; null if they can. */
  public static String whyNoPaths() {
    return Linux.readLink("/proc/self/exe") != null
        ? null
        : "readlinkat of /proc/self/exe fails (no procfs, or a seccomp filter): no file can be"
            + " tagged";
  }

  /** How the runtime decodes file names: as the JDK, but in the locale C as UTF-8. */
  public static Charset fileNames() {
    return Linux.fileNames();
  }

  /** The real path of a descriptor's file (proc(5), /proc/self/fd), or null if it has none. */
  public static String pathOf(int fd) {
    return Linux.pathOf(fd);
  }

  // Barriers: for who is about to look at a file, or to change it, past the runtime.

  /**
   * Whether anything that was written is still on its way to its file. One volatile read.
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
    if (hasPending()) {
      settle(FileStatus.ifOpen(fd));
    }
  }

  /** As {@link #settle(int)}, for a path, which is followed if it is a symbolic link. */
  public void settlePath(String path) {
    if (hasPending()) {
      settle(FileStatus.ifThere(path));
    }
  }

  /** The file of a descriptor has been given another size, by somebody else in this process. */
  public void sizeChanged(int fd) {
    FileStatus status = FileStatus.ifOpen(fd);
    FileNode node = files.find(status);
    if (node != null) {
      node.truncated(status.sizeBytes());
    }
  }

  /**
   * Whether anything that writes do beside their bytes is still to be done: one volatile read.
   *
   * @see #quiet
   */
  public boolean hasNotices() {
    return files.pendingNotices().get() != 0;
  }

  /**
   * Waits until what this process has written to a file does nothing more to it, such as to tell
   * its watchers: for who is about to set its times or its rights. For a bounded time, if the
   * device is stuck.
   *
   * @param path is followed if it is a symbolic link; null for all files
   */
  public void quiet(String path) {
    if (!hasNotices()) {
      return;
    }
    if (path == null) {
      files.nodes().all().forEach(files::quiet);
    } else {
      FileNode node = files.find(FileStatus.ifThere(path));
      if (node != null) {
        files.quiet(node);
      }
    }
  }

  // Locks: closing any descriptor of a file drops all of the process's POSIX locks on it
  // (fcntl(2)).

  /**
   * The application is about to ask for a lock on a descriptor's file. Until it has it, and as long
   * as it holds it, no descriptor of the runtime's on that file is closed by itself.
   *
   * @return to be closed when the call has returned; null if the descriptor is not open
   */
  public LockCall lockCall(int fd) {
    FileStatus status = FileStatus.ifOpen(fd);
    return status == null ? null : new LockCall(files.nodes(), files.nodes().hold(status));
  }

  /**
   * The application is about to close a descriptor, which drops the locks on its file: descriptors
   * of the runtime's that were kept open because of them are closed now. One volatile read if there
   * are none.
   */
  public void applicationCloses(int fd) {
    if (files.kept().count() > 0) {
      FileNode node = files.find(FileStatus.ifOpen(fd));
      if (node != null) {
        node.lateCloses().closeAll();
      }
    }
  }

  /** How many files are closed whose descriptors of the runtime's are kept because of a lock. */
  public int keptDescriptors() {
    return files.kept().count();
  }

  private void settle(FileStatus status) {
    FileNode node = files.find(status);
    if (node != null) {
      node.settle();
    }
  }

  /** As {@link #settle(int)}, for all files. */
  public void settleAll() {
    pipelines.settleAll();
  }

  /**
   * From now on every write waits for its end, whatever the policy; what is on its way is settled.
   * For the end of the process, when nobody may come to force or close.
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
    return held(files.nodes().hold(FileStatus.of(fd)));
  }

  /**
   * The same, for a file by its path.
   *
   * @return null if there is none
   */
  public FileHold keepSynchronous(String path) {
    FileStatus status = FileStatus.ifThere(path);
    return status == null ? null : held(files.nodes().hold(status));
  }

  FileHold hold(FileNode node) {
    files.nodes().hold(node);
    return held(node);
  }

  private FileHold held(FileNode node) {
    FileHold hold = new FileHold(files.nodes(), node);
    node.barrier();
    return hold;
  }

  /**
   * A queue for asynchronous writes, for one thread at a time.
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
   * Memory for asynchronous writes, out of the runtime's bound.
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
   * What has begun and not ended: writes, direct reads, forces, and what is observed; in no order.
   * Any thread, at any time, also while a device is stuck.
   */
  public List<InFlightRequest> inFlight() {
    List<InFlightRequest> all = context.inFlight();
    pipelines.addInFlight(all);
    return all;
  }

  /** Sets who is notified of anomalies; null for no one. */
  public void listen(AnomalyListener newListener) {
    context.listen(newListener);
  }

  /** Counters since the start, and levels now. */
  public Statistics statistics() {
    return context.statistics();
  }

  /**
   * Gives back contexts, buffers and threads. Files must be closed before; what is still in flight
   * keeps its own.
   */
  @Override
  public void close() {
    context.events().statisticsFrom(null);
    pipelines.stop();
    asyncWriters.values().forEach(AsyncWriter::close);
    context.close();
  }

  /**
   * From now on the ends of asynchronous writes are delivered on these threads, of which one or two
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

  /** The one that makes the asynchronous writes of a device. */
  AsyncWriter asyncWriter(Device device) {
    AsyncWriter known = asyncWriters.get(device);
    return known != null
        ? known
        : asyncWriters.computeIfAbsent(device, one -> new AsyncWriter(context, one));
  }
}
