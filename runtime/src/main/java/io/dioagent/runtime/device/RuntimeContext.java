package io.dioagent.runtime.device;

import io.dioagent.runtime.api.AnomalyListener;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.OneLine;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.base.InFlightSource;
import io.dioagent.runtime.base.Limit;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.base.PreparedFailures;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.PageCache;
import io.dioagent.runtime.memory.BufferPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The state that all requests of one runtime share: devices, lanes, memory, threads, counters and
 * events. Thread-safe.
 */
public final class RuntimeContext {
  /**
   * Limits the pieces of sync writes, so that the device does not split them. Longer writes are cut
   * into several.
   */
  private static final int PIECE_BYTES = 256 << 10;

  private final RuntimeOptions options;
  private final EventSink events;
  private final AioEngine engine;
  private final Counters counters = new Counters();
  private final Metrics metrics = new Metrics();
  private final LanePool lanes;
  private final BufferPool buffers;
  private final Watchdog watchdog = new Watchdog();
  private final DescriptorBudget descriptorBudget = DescriptorBudget.ofThisProcess();
  private final AtomicLong observedRequests = new AtomicLong();
  private final AtomicBoolean impossibleLogged = new AtomicBoolean();
  private final ExecutorService threads = Submitters.newThreads();
  private final GuardedListener listener = new GuardedListener();
  private volatile Executor deliveryThreads = threads;
  private final ConcurrentMap<Long, Device> devices = new ConcurrentHashMap<>();

  /** Operations in flight without a lane, at least so far. */
  private final Set<InFlightSource> withoutLane = ConcurrentHashMap.newKeySet();

  public RuntimeContext(RuntimeOptions options, EventSink events, AioEngine engine) {
    PreparedFailures.prepare();
    this.options = options;
    this.events = new GuardedEvents(events);
    this.engine = engine;
    lanes = new LanePool(engine, options.queueDepth(), new CountedAnomalies());
    lanes.watch(new StallWatch(watchdog, lanes::forEach));
    buffers = new BufferPool(options.bufferMemoryBytes(), options.maxIoBytes());
  }

  public RuntimeOptions options() {
    return options;
  }

  public EventSink events() {
    return events;
  }

  public LanePool lanes() {
    return lanes;
  }

  /** Makes access to the page cache, for one thread at a time. */
  public PageCache newPageCache() {
    return engine.pageCache();
  }

  public BufferPool buffers() {
    return buffers;
  }

  public DescriptorBudget descriptorBudget() {
    return descriptorBudget;
  }

  public Watchdog watchdog() {
    return watchdog;
  }

  /** Returns threads that may get stuck in the kernel. */
  public ExecutorService threads() {
    return threads;
  }

  /** See {@code DirectRuntime.deliverOn}. */
  public void deliverOn(Executor newThreads) {
    deliveryThreads = newThreads;
  }

  /** Returns the threads that deliver the results of asynchronous writes. */
  public Executor deliveryThreads() {
    return deliveryThreads;
  }

  /** Returns the device of a number, as statx(2) returns it. */
  public Device device(long number) {
    return devices.computeIfAbsent(number, none -> new Device(lanes, buffers, threads));
  }

  /**
   * Returns the reason why no write can go direct; null if writes can. Tries to make an AIO
   * context.
   */
  public String whyNotDirect() {
    Lane lane = lanes.borrow(Limit.NOW);
    if (lane != null) {
      lanes.giveBack(lane);
    }
    return lanes.whyNotDirect();
  }

  /** Gives back contexts, buffers and threads; operations in flight keep those that they use. */
  public void close() {
    threads.shutdown();
    watchdog.close();
    lanes.close();
    buffers.close();
  }

  // Sizes.

  /**
   * Returns how many bytes one request covers at most, from an aligned offset on. A longer write
   * becomes several requests, one after the other. The bound leaves memory for a write beside a
   * device that is stuck. An append may cover more, because appends of other processes can come
   * between several requests.
   */
  public long segmentBytes(boolean append) {
    long byDepth = (long) (options.queueDepth() - 1) * pieceBytes();
    long byMemory = options.bufferMemoryBytes() / (append ? 2 : 4) - pieceBytes();
    return Math.max(pieceBytes(), Math.min(byDepth, byMemory));
  }

  /** Returns the largest size of one direct read, and of its buffer. */
  public int readBytes() {
    return options.maxIoBytes();
  }

  /** Returns the largest size of one piece, and of its buffer. */
  public int pieceBytes() {
    return Math.min(options.maxIoBytes(), PIECE_BYTES);
  }

  // In flight.

  /** Adds an operation without a lane. */
  public void began(InFlightSource source) {
    withoutLane.add(source);
  }

  /** Removes an operation of {@link #began}. */
  public void ended(InFlightSource source) {
    withoutLane.remove(source);
  }

  /** Returns operations on lanes, observed ones, and those without a lane. Any thread. */
  public List<InFlightRequest> inFlight() {
    List<InFlightRequest> all = new ArrayList<>();
    lanes.addInFlight(all);
    watchdog.addInFlight(all);
    for (InFlightSource source : withoutLane) {
      source.addInFlight(all);
    }
    return all;
  }

  /**
   * Returns an id for an operation without a lane. Lanes are numbered from 1, so no other request
   * has it.
   */
  public long nextObservedRequestId() {
    return observedRequests.incrementAndGet();
  }

  // Counters and events.

  public Metrics metrics() {
    return metrics;
  }

  /** See {@code DirectRuntime.listen}. */
  public void listen(AnomalyListener newListener) {
    listener.set(newListener);
  }

  public void openedFile() {
    counters.openFiles.incrementAndGet();
  }

  public void closedFile() {
    counters.openFiles.decrementAndGet();
  }

  /** Returns the counters since the start, and current levels. */
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

  /** Counts a write that has ended, and reports it. */
  public void wrote(
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

  /** Reports a read that has ended. */
  public void read(
      Object token,
      RequestInfo request,
      long result,
      long directBytes,
      long bufferedBytes,
      int ios) {
    events.endRead(token, request, result, directBytes, bufferedBytes, ios);
  }

  /** Counts a write that the caller itself made through the page cache, and that no event shows. */
  public void wroteBehind(long bufferedBytes) {
    counters.writes.increment();
    counters.bufferedBytes.add(bufferedBytes);
  }

  /** Counts bytes that the caller itself wrote through the page cache. */
  public void wroteByCaller(long bufferedBytes) {
    counters.bufferedBytes.add(bufferedBytes);
  }

  /** See {@link EventSink#lostCompletion}. */
  public void lost(
      RequestInfo request, Origin origin, long deadlineNanos, String reason, boolean pending) {
    counters.lost.incrementAndGet();
    if (!pending) {
      counters.notStarted.incrementAndGet();
    }
    events.lostCompletion(
        request, origin.ageNanos(), deadlineNanos, reason, pending, origin.submitter());
    listener.lost(request, origin.ageNanos(), deadlineNanos, reason);
  }

  /** See {@link EventSink#lateCompletion}. */
  public void late(RequestInfo request, Origin origin, long result, boolean delivered) {
    counters.late.incrementAndGet();
    events.lateCompletion(request, origin.ageNanos(), result, delivered);
    listener.late(request, origin.ageNanos(), result, delivered);
  }

  /** See {@link EventSink#completionError}. */
  public void failed(RequestInfo request, Origin origin, long result, String reason) {
    counters.errors.incrementAndGet();
    metrics.failed(result);
    events.completionError(request, origin.ageNanos(), result, reason, origin.submitter());
    listener.failed(request, origin.ageNanos(), result, reason);
  }

  /** See {@link EventSink#pageCacheCollision}. */
  public void collided(RequestInfo range, Origin origin, OnCollision policy, String reason) {
    counters.collisions.incrementAndGet();
    events.pageCacheCollision(range, origin.ageNanos(), policy, reason, origin.submitter());
  }

  /** Logs the first count that no kernel returns; later ones have the same cause. */
  public void impossible(String what) {
    if (impossibleLogged.compareAndSet(false, true)) {
      System.err.println(OneLine.of("[dio-agent] defect: " + what));
    }
  }

  private final class CountedAnomalies implements Ledger.Anomalies {
    @Override
    public void duplicate(Ledger.Issued issued, long id, long result) {
      counters.duplicates.incrementAndGet();
      try {
        reportDuplicate(issued, id, result);
      } catch (RuntimeException | Error e) {
        Defects.log(Defects.At.DUPLICATE_REPORT, null, e);
      }
    }

    private void reportDuplicate(Ledger.Issued issued, long id, long result) {
      String reason = "the I/O had ended already";
      RequestInfo request = issued == null ? new RequestInfo(id, "", -1, -1) : issued.request();
      long ageNanos = issued == null ? 0 : issued.ageNanos();
      Thread submitter = issued == null ? null : liveThread(issued.submitterThreadId());
      events.duplicateCompletion(request, ageNanos, result, reason, submitter);
      listener.duplicate(request, ageNanos, reason);
    }

    @Override
    public void unknown(long id, long result) {
      counters.unknown.incrementAndGet();
      events.unknownCompletion(id, result);
    }
  }

  /** Returns a thread by its number; null if it has ended, or is a virtual one. */
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
