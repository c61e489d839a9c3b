package io.dioagent.runtime;

import io.dioagent.runtime.aio.AioEngine;
import io.dioagent.runtime.aio.ChosenEngine;
import io.dioagent.runtime.aio.EngineKind;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.FileStatus;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** The direct-I/O runtime: contexts, buffers, threads and counters, for any number of files. */
public final class DirectRuntime implements AutoCloseable {
  /** Sync writes are cut into pieces of this size, small enough not to be split by the device. */
  private static final int PIECE_BYTES = 256 << 10;

  private final RuntimeOptions options;
  private final EventSink events;
  private final Counters counters = new Counters();
  private final LanePool lanes;
  private final BufferPool buffers;
  private final int largestChunkBytes;
  private final Watchdog watchdog = new Watchdog();
  private final DescriptorBudget descriptorBudget = DescriptorBudget.ofThisProcess();
  private final AtomicLong observedRequests = new AtomicLong();
  private final AtomicBoolean impossibleLogged = new AtomicBoolean();
  private final ExecutorService submitterThreads = Submitters.newThreads();
  private volatile AnomalyListener listener;
  private volatile Executor tellers = submitterThreads;
  private final ConcurrentMap<Long, Device> devices = new ConcurrentHashMap<>();
  private final FileNodes nodes = new FileNodes();
  private final KeptDescriptors keptDescriptors =
      new KeptDescriptors(nodes, watchdog, submitterThreads);
  private final AtomicInteger pendingNotices = new AtomicInteger();
  private final AtomicBoolean untoldWatchers = new AtomicBoolean();
  private final Pipelines pipelines = new Pipelines(this);

  /** What has begun, and has no lane or not yet. */
  private final Set<InFlightSource> withoutLane = ConcurrentHashMap.newKeySet();

  private DirectRuntime(RuntimeOptions options, EventSink events, AioEngine engine) {
    PreparedFailures.prepare();
    this.options = options;
    this.events = new GuardedEvents(events);
    lanes = new LanePool(engine, options.queueDepth(), new CountedAnomalies());
    lanes.watch(new StallWatch(watchdog, lanes::forEach));
    buffers = new BufferPool(options.bufferMemoryBytes(), options.maxIoBytes());
    largestChunkBytes = ChunkMemory.largestBytes(options, segmentBytes(false));
    events.statisticsFrom(this::statistics);
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
    Lane lane = lanes.borrow(Limit.NOW);
    if (lane != null) {
      lanes.giveBack(lane);
    }
    return lanes.whyNotDirect();
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
      return register(DirectFile.around(this, fd, true, () -> policy));
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
    return register(DirectFile.around(this, fd, false, policy));
  }

  private DirectFile register(DirectFile file) {
    counters.openFiles.incrementAndGet();
    file.ability().tellTagged();
    return file;
  }

  void closedFile() {
    counters.openFiles.decrementAndGet();
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
    // Not by java.nio.file: an application may have put a file system of its own there.
    return Linux.readLink("/proc/self/fd/" + fd);
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
    FileNode node = status == null ? null : nodes.find(status);
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
    return pendingNotices.get() != 0;
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
      nodes.all().forEach(this::quiet);
    } else {
      quiet(FileStatus.ifThere(path));
    }
  }

  private void quiet(FileStatus status) {
    FileNode node = status == null ? null : nodes.find(status);
    if (node != null) {
      quiet(node);
    }
  }

  private void quiet(FileNode node) {
    for (DirectFile file : nodes.files(node)) {
      file.writeNotice().settle();
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
    return status == null ? null : new LockCall(nodes, nodes.hold(status));
  }

  /**
   * The application is about to close a descriptor, which drops the locks on its file: descriptors
   * of the runtime's that were kept open because of them are closed now. One volatile read if there
   * are none.
   */
  public void applicationCloses(int fd) {
    if (keptDescriptors.count() > 0) {
      FileStatus status = FileStatus.ifOpen(fd);
      FileNode node = status == null ? null : nodes.find(status);
      if (node != null) {
        node.lateCloses().closeAll();
      }
    }
  }

  /** How many files are closed whose descriptors of the runtime's are kept because of a lock. */
  public int keptDescriptors() {
    return keptDescriptors.count();
  }

  private void settle(FileStatus status) {
    FileNode node = status == null ? null : nodes.find(status);
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
    return held(nodes.hold(FileStatus.of(fd)));
  }

  /**
   * The same, for a file by its path.
   *
   * @return null if there is none
   */
  public FileHold keepSynchronous(String path) {
    FileStatus status = FileStatus.ifThere(path);
    return status == null ? null : held(nodes.hold(status));
  }

  FileHold hold(FileNode node) {
    nodes.hold(node);
    return held(node);
  }

  private FileHold held(FileNode node) {
    FileHold hold = new FileHold(nodes, node);
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
    return new WriteQueue(this, depth);
  }

  /**
   * Memory for asynchronous writes, out of the runtime's bound.
   *
   * @param lengthBytes 1 to maxIoBytes
   * @throws IllegalStateException if the bound leaves none
   */
  public AlignedBuffer allocate(int lengthBytes) {
    if (lengthBytes < 1 || lengthBytes > options.maxIoBytes()) {
      throw new IllegalArgumentException(
          "lengthBytes is " + lengthBytes + ", expected 1 to " + options.maxIoBytes());
    }
    NativeBuffer[] memory = buffers.acquireUnshared(lengthBytes);
    if (memory == null) {
      throw new IllegalStateException("no buffer memory is free; " + buffers.describe());
    }
    return new AlignedBuffer(buffers, memory);
  }

  /**
   * What has begun and not ended: writes, direct reads, forces, and what is observed; in no order.
   * Any thread, at any time, also while a device is stuck.
   */
  public List<InFlightRequest> inFlight() {
    List<InFlightRequest> all = new ArrayList<>();
    lanes.addInFlight(all);
    pipelines.addInFlight(all);
    watchdog.addObserved(all);
    for (InFlightSource source : withoutLane) {
      source.addInFlight(all);
    }
    return all;
  }

  /** From now on somebody is told of anomalies; null for nobody. */
  public void tell(AnomalyListener newListener) {
    listener = newListener;
  }

  /** Something has begun that {@link #inFlight} would not hear of else. */
  void began(InFlightSource source) {
    withoutLane.add(source);
  }

  void ended(InFlightSource source) {
    withoutLane.remove(source);
  }

  /** Counters since the start, and levels now. */
  public Statistics statistics() {
    return new Statistics(
        counters.writes.sum(),
        counters.directBytes.sum(),
        counters.bufferedBytes.sum(),
        counters.errors.get(),
        counters.lost.get(),
        counters.late.get(),
        counters.notStarted.get(),
        counters.duplicates.get(),
        counters.unknown.get(),
        counters.collisions.get(),
        lanes.inFlight(),
        buffers.quarantinedBytes(),
        buffers.inUseBytes(),
        counters.openFiles.get());
  }

  /**
   * Gives back contexts, buffers and threads. Files must be closed before; what is still in flight
   * keeps its own.
   */
  @Override
  public void close() {
    events.statisticsFrom(null);
    pipelines.stop();
    devices.values().forEach(Device::close);
    submitterThreads.shutdown();
    watchdog.close();
    lanes.close();
    buffers.close();
  }

  /** Of reads, too. Lanes are numbered from 1, so these ids are nobody else's. */
  long nextObservedRequestId() {
    return observedRequests.incrementAndGet();
  }

  // For the writes.

  EventSink events() {
    return events;
  }

  Pipelines pipelines() {
    return pipelines;
  }

  /** Of what a pipeline gathers. */
  int largestChunkBytes() {
    return largestChunkBytes;
  }

  FileNodes nodes() {
    return nodes;
  }

  LanePool lanes() {
    return lanes;
  }

  BufferPool buffers() {
    return buffers;
  }

  AtomicInteger pendingNotices() {
    return pendingNotices;
  }

  /** Whether nothing has been said yet of watchers that are not told. */
  boolean isFirstUntold() {
    return untoldWatchers.compareAndSet(false, true);
  }

  KeptDescriptors kept() {
    return keptDescriptors;
  }

  DescriptorBudget descriptorBudget() {
    return descriptorBudget;
  }

  Watchdog watchdog() {
    return watchdog;
  }

  /**
   * From now on asynchronous writes are told their ends on these threads, of which one or two stay
   * taken for each device.
   *
   * @param threads daemons, without a bound that would keep a task waiting
   */
  public void tellOn(Executor threads) {
    tellers = threads;
  }

  Executor tellers() {
    return tellers;
  }

  Device device(long number) {
    return devices.computeIfAbsent(number, none -> new Device(this, submitterThreads));
  }

  /**
   * Bytes that one request covers at most, from an aligned offset on; a longer write is several,
   * one after the other. Few enough that there is memory for it beside a device that is stuck; but
   * more for an append, which others' appends can come between when it is several.
   */
  long segmentBytes(boolean append) {
    long byDepth = (long) (options.queueDepth() - 1) * pieceBytes();
    long byMemory = options.bufferMemoryBytes() / (append ? 2 : 4) - pieceBytes();
    return Math.max(pieceBytes(), Math.min(byDepth, byMemory));
  }

  /** Size of one direct read at most, and of its buffer. */
  int readBytes() {
    return options.maxIoBytes();
  }

  /** Size of one piece at most, and of its buffer. */
  int pieceBytes() {
    return Math.min(options.maxIoBytes(), PIECE_BYTES);
  }

  void wrote(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios) {
    counters.writes.increment();
    counters.directBytes.add(directBytes);
    if (bufferedBytes != 0) {
      counters.bufferedBytes.add(bufferedBytes);
    }
    events.endWrite(token, request, result, directBytes, bufferedBytes, ios);
  }

  void read(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios) {
    events.endRead(token, request, result, directBytes, bufferedBytes, ios);
  }

  /** Bytes that the caller itself wrote through the page cache. */
  void wroteByCaller(long bufferedBytes) {
    counters.bufferedBytes.add(bufferedBytes);
  }

  /** See {@link EventSink#lostCompletion}. */
  void lost(
      RequestInfo request, Origin origin, long deadlineNanos, String reason, boolean pending) {
    counters.lost.incrementAndGet();
    if (!pending) {
      counters.notStarted.incrementAndGet();
    }
    events.lostCompletion(
        request, origin.ageNanos(), deadlineNanos, reason, pending, origin.submitter());
    AnomalyListener listening = listener;
    try {
      if (listening != null) {
        listening.lost(request, origin.ageNanos(), reason);
      }
    } catch (RuntimeException | Error e) {
      defect(Defects.At.LISTENER, null, e);
    }
  }

  void late(RequestInfo request, Origin origin, long result, boolean delivered) {
    counters.late.incrementAndGet();
    events.lateCompletion(request, origin.ageNanos(), result, delivered);
  }

  void failed(RequestInfo request, Origin origin, long result, String reason) {
    counters.errors.incrementAndGet();
    events.completionError(request, origin.ageNanos(), result, reason, origin.submitter());
  }

  void collided(RequestInfo range, Origin origin, OnCollision policy, String reason) {
    counters.collisions.incrementAndGet();
    events.pageCacheCollision(range, origin.ageNanos(), policy, reason, origin.submitter());
  }

  /** As {@link Defects#log}. */
  void defect(Defects.At where, Object detail, Throwable cause) {
    Defects.log(where, detail, cause);
  }

  /** A count that no kernel returns: logged for the first one, as all are of one cause. */
  void impossible(String what) {
    if (impossibleLogged.compareAndSet(false, true)) {
      System.err.println(OneLine.of("[dio-agent] defect: " + what));
    }
  }

  private final class CountedAnomalies implements Ledger.Anomalies {
    @Override
    public void duplicate(Ledger.Issued issued, long id, long result) {
      counters.duplicates.incrementAndGet();
      try {
        tellDuplicate(issued, id, result);
      } catch (RuntimeException | Error e) {
        defect(Defects.At.DUPLICATE_REPORT, null, e);
      }
    }

    private void tellDuplicate(Ledger.Issued issued, long id, long result) {
      String reason = "the I/O had ended already";
      RequestInfo request = issued == null ? new RequestInfo(id, "", -1, -1) : issued.request();
      long ageNanos = issued == null ? 0 : issued.ageNanos();
      Thread submitter = issued == null ? null : liveThread(issued.submitterThreadId());
      events.duplicateCompletion(request, ageNanos, result, reason, submitter);
      AnomalyListener listening = listener;
      if (listening != null) {
        listening.duplicate(request, ageNanos, reason);
      }
    }

    @Override
    public void unknown(long id, long result) {
      counters.unknown.incrementAndGet();
      events.unknownCompletion(id, result);
    }
  }

  /** A thread by its number; null if it has ended, or is a virtual one. */
  private static Thread liveThread(long id) {
    if (Thread.currentThread().getId() == id) {
      return Thread.currentThread();
    }
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    Thread[] all = new Thread[root.activeCount() + 64];
    int count = root.enumerate(all);
    for (int i = 0; i < count; i++) {
      if (all[i].getId() == id) {
        return all[i];
      }
    }
    return null;
  }
}
