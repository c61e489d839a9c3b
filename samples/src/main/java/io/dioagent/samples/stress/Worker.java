package io.dioagent.samples.stress;

import io.dioagent.runtime.api.Errno;
import io.dioagent.samples.stress.Outstanding.Request;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import org.HdrHistogram.Histogram;

/**
 * One thread's part of a run: its records, their model, and its requests. Used by one thread at a
 * time, except {@link #idleNanos}.
 */
final class Worker {
  /** Used if no time-out is set. */
  private static final Duration VERY_LONG = Duration.ofDays(365);

  /** The errno for missing buffer memory. */
  private static final int ENOBUFS = 105;

  private final StressConfig config;
  private final int thread;
  private final Control control;
  private final Tally tally;
  private final Findings findings;
  private final Records records;
  private final SectorStamp stamp;
  private final SectorModel model;
  private final Outstanding outstanding = new Outstanding();
  private final ArrayDeque<Integer> freeSlots = new ArrayDeque<>();

  /** The latencies of the current stage. */
  private Histogram latency;

  private long lastVersion;
  private long errors;
  private volatile long lastEndNanoTime;

  Worker(StressConfig config, int thread, Control control, Tally tally, Findings findings) {
    this.config = config;
    this.thread = thread;
    this.control = control;
    this.tally = tally;
    this.findings = findings;
    records = new Records(config.shape(), config.files().size(), thread);
    stamp = new SectorStamp(config.seed());
    model = new SectorModel(config.verify() ? records.count() : 0, sectorsPerRecord());
    for (int slot = 0; slot < config.shape().depth(); slot++) {
      freeSlots.add(slot);
    }
    begins();
  }

  private int sectorsPerRecord() {
    return config.shape().recordBytes() / SectorStamp.SECTOR_BYTES;
  }

  /** Records that the run has emptied or created a file. */
  void holdsZeros(int file) {
    for (int record = 0; config.verify() && record < records.count(); record++) {
      if (records.fileOf(record) == file) {
        model.holdsZeros(record);
      }
    }
  }

  /** Records that no past write can reach the device any more. */
  void nothingLeft() {
    model.nothingLeft();
  }

  void forced(boolean all) {
    if (all) {
      model.forced(lastVersion);
    } else {
      model.notForced();
    }
  }

  /** Returns the time since a request ended or a stage began. May be called by any thread. */
  long idleNanos() {
    return System.nanoTime() - lastEndNanoTime;
  }

  /** Marks the begin of a stage. */
  void begins() {
    lastEndNanoTime = System.nanoTime();
  }

  /** Returns whether requests have not ended. */
  boolean hasOutstanding() {
    return !outstanding.isEmpty();
  }

  /** Returns whether it has reached the maximum of errors. Called between stages. */
  boolean isExhausted() {
    return errors >= config.limits().maxErrors();
  }

  /** Resets its count of errors. Called between stages. */
  void forgive() {
    errors = 0;
  }

  private boolean mayIssue() {
    return !control.isStopped() && !isExhausted();
  }

  /**
   * Writes each record of an open file once.
   *
   * @param stageLatency receives the times from issued to ended, in nanoseconds
   */
  void write(StageFiles files, int[] order, Histogram stageLatency) {
    latency = stageLatency;
    Duration timeout = config.limits().waitTimeout();
    try (RecordWriter writer = files.newWriter()) {
      int next = 0;
      while (true) {
        next = fill(files, writer, order, next);
        if (outstanding.isEmpty()) {
          // All are issued, or no memory is left.
          break;
        }
        writer.await(timeout.isZero() ? VERY_LONG : timeout, this::ended);
      }
    }
  }

  /** Issues writes to all free slots; returns the index of the next write. */
  private int fill(StageFiles files, RecordWriter writer, int[] order, int first) {
    int next = first;
    while (next < order.length && !freeSlots.isEmpty() && mayIssue()) {
      if (!files.isOpen(records.fileOf(order[next]))) {
        next++;
        continue;
      }
      int slot = freeSlots.peekFirst();
      ByteBuffer memory = writer.memory(slot);
      if (memory == null) {
        if (outstanding.isEmpty()) {
          error(ENOBUFS);
        }
        return next;
      }
      freeSlots.removeFirst();
      issue(writer, slot, memory, order[next]);
      next++;
    }
    return mayIssue() ? next : order.length;
  }

  private void issue(RecordWriter writer, int slot, ByteBuffer memory, int record) {
    int file = records.fileOf(record);
    long position = records.positionOf(record);
    long version = ++lastVersion;
    if (config.verify()) {
      model.issued(record, version);
      for (int sector = 0; sector < sectorsPerRecord(); sector++) {
        stamp.put(
            memory,
            sector * SectorStamp.SECTOR_BYTES,
            file,
            firstSectorOf(record) + sector,
            version);
      }
    }
    long userData = outstanding.issue(new Request(slot, record, version, System.nanoTime()));
    tally.issued.increment();
    try {
      writer.submit(slot, file, position, userData);
    } catch (IOException e) {
      ended(userData, -Errors.errnoOf(e));
    }
  }

  private void ended(long userData, long result) {
    lastEndNanoTime = System.nanoTime();
    Request request = outstanding.end(userData);
    if (request == null) {
      (outstanding.wasIssued(userData) ? tally.duplicate : tally.unknown).increment();
      return;
    }
    tally.ended.increment();
    latency.recordValue(lastEndNanoTime - request.startNanoTime());
    freeSlots.addLast(request.slot());
    if (result >= 0) {
      tally.bytes.add(result);
      if (result < config.shape().recordBytes()) {
        tally.shortWrites.increment();
      }
      if (config.verify()) {
        model.succeeded(request.record(), request.version(), result);
      }
    } else if (result == -Errno.ETIMEDOUT) {
      tally.lost.increment();
      if (config.verify()) {
        model.lost(request.record(), request.version());
      }
      error(Errno.ETIMEDOUT);
    } else {
      tally.failed.increment();
      error((int) -result);
    }
  }

  private void error(int errno) {
    errors++;
    tally.error(errno);
    if (config.limits().stopOnError()) {
      control.stop();
    }
  }

  /** Reads each record of an open file once, and checks it against the model. */
  void read(ReadFiles files, int[] order, Histogram stageLatency) {
    latency = stageLatency;
    ByteBuffer memory = ByteBuffer.allocateDirect(config.shape().recordBytes());
    for (int record : order) {
      if (!mayIssue()) {
        return;
      }
      if (files.isOpen(records.fileOf(record))) {
        read(files, record, memory);
      }
    }
  }

  private void read(ReadFiles files, int record, ByteBuffer memory) {
    tally.issued.increment();
    long start = System.nanoTime();
    try {
      files.read(records.fileOf(record), memory.clear(), records.positionOf(record));
      tally.bytes.add(memory.capacity());
      latency.recordValue(System.nanoTime() - start);
      if (config.verify()) {
        verify(record, memory);
      }
    } catch (IOException e) {
      tally.failed.increment();
      error(Errors.errnoOf(e));
    }
    tally.ended.increment();
    lastEndNanoTime = System.nanoTime();
  }

  private void verify(int record, ByteBuffer memory) {
    BitSet differing = differingSectors(record, memory);
    if (!differing.isEmpty()) {
      tally.differingBytes.add((long) differing.cardinality() * SectorStamp.SECTOR_BYTES);
      reportDiffering(record, differing, memory);
    }
  }

  private BitSet differingSectors(int record, ByteBuffer memory) {
    BitSet differing = new BitSet();
    for (int sector = 0; sector < sectorsPerRecord(); sector++) {
      if (!isAllowed(record, sector, memory)) {
        differing.set(sector);
      }
    }
    return differing;
  }

  private boolean isAllowed(int record, int sector, ByteBuffer memory) {
    long[] allowed = model.allowed(record, sector);
    if (allowed == null) {
      return true;
    }
    long version = versionIn(memory, record, sector);
    for (long one : allowed) {
      if (one == version) {
        return true;
      }
    }
    return allowed.length > 1
        && stamp.isMixture(
            memory,
            sector * SectorStamp.SECTOR_BYTES,
            records.fileOf(record),
            firstSectorOf(record) + sector,
            allowed);
  }

  private long versionIn(ByteBuffer memory, int record, int sector) {
    return stamp.versionAt(
        memory,
        sector * SectorStamp.SECTOR_BYTES,
        records.fileOf(record),
        firstSectorOf(record) + sector);
  }

  private void reportDiffering(int record, BitSet differing, ByteBuffer memory) {
    int sector = differing.nextSetBit(0);
    findings.differing(
        config.files().get(records.fileOf(record)),
        (firstSectorOf(record) + sector) * SectorStamp.SECTOR_BYTES,
        differing.cardinality(),
        versionIn(memory, record, sector),
        model.expected(record, sector));
  }

  private long firstSectorOf(int record) {
    return records.positionOf(record) / SectorStamp.SECTOR_BYTES;
  }

  /** Returns the order of records in a stage with this number in the run. */
  int[] order(Stage stage, int number) {
    return records.order(stage.isRandom(), config.seed() * 31 + number * 1_000_003L + thread);
  }
}
