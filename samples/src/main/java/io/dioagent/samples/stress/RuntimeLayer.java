package io.dioagent.samples.stress;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.fault.FaultKind;
import io.dioagent.runtime.fault.FaultyEngine;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes with the runtime's API: queues, or files with blocking writes. */
final class RuntimeLayer implements Layer {
  private final StressConfig config;
  private final FaultHits hits;
  private final DirectRuntime runtime;
  private final PrintStream messages;
  private boolean bufferedReported;

  /**
   * Starts a runtime.
   *
   * @param device the engine that faults are injected above
   * @param messages receives a line if files do not support direct I/O
   */
  RuntimeLayer(StressConfig config, EventSink events, AioEngine device, PrintStream messages) {
    this.config = config;
    this.messages = messages;
    hits = new FaultHits(events);
    boolean faulty = !config.access().faults().isEmpty();
    runtime =
        DirectRuntime.start(
            options(config.shape()),
            faulty ? hits.sink() : events,
            faulty ? new FaultyEngine(device, config.access().rules(), hits.sink()) : device);
  }

  /** Returns options with memory for all writes in flight, and as much again for lost writes. */
  private static RuntimeOptions options(StressConfig.Shape shape) {
    RuntimeOptions base = RuntimeOptions.DEFAULT;
    int recordBuffer = Integer.highestOneBit(Math.max(1, shape.recordBytes() - 1)) << 1;
    long inFlight = (long) recordBuffer * shape.depth() * shape.threads();
    return new RuntimeOptions(
        base.queueDepth(),
        Math.max(base.maxIoBytes(), recordBuffer),
        Math.max(base.bufferMemoryBytes(), 2 * inFlight));
  }

  @Override
  public StageFiles open(Set<? extends OpenOption> options, OpenFailures failures)
      throws NotDirectException {
    Set<OpenOption> all = new HashSet<>(options);
    if (config.access().synchronous()) {
      all.add(StandardOpenOption.SYNC);
    }
    OpenOption[] given = all.toArray(OpenOption[]::new);
    List<DirectFile> files =
        FileList.open(
            config.files(), path -> runtime.open(path, config.access().policy(), given), failures);
    RuntimeFiles opened = new RuntimeFiles(files);
    String notDirect = whyNotDirect(files);
    if (notDirect != null && config.access().direct()) {
      opened.close();
      throw new NotDirectException(notDirect + "; leave out --o-direct, or take a file on a disk");
    }
    if (notDirect != null && !bufferedReported) {
      bufferedReported = true;
      messages.println("aio-stress: " + notDirect + "; going on through the page cache");
    }
    return opened;
  }

  /** Returns why a file cannot be written directly; null if all can. */
  private String whyNotDirect(List<DirectFile> files) {
    for (DirectFile file : files) {
      if (file != null && !file.isDirect()) {
        return file.path() + " cannot go direct: " + file.reason();
      }
    }
    String noAio = runtime.whyNotDirect();
    return noAio == null ? null : "no file can go direct: " + noAio;
  }

  private final class RuntimeFiles implements StageFiles {
    private final List<DirectFile> files;

    RuntimeFiles(List<DirectFile> files) {
      this.files = files;
    }

    @Override
    public boolean isOpen(int file) {
      return files.get(file) != null;
    }

    @Override
    public RecordWriter newWriter() {
      return config.access().api() == Api.QUEUE
          ? new QueueWriter(runtime, files, config.shape())
          : new SyncWriter(
              (file, source, position) -> files.get(file).write(source, position),
              config.shape().recordBytes());
    }

    @Override
    public void force(int file) throws IOException {
      files.get(file).force(false);
    }

    @Override
    public void close() {
      for (DirectFile file : files) {
        if (file != null) {
          close(file);
        }
      }
    }

    private static void close(DirectFile file) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException("a write that had returned", e);
      }
    }
  }

  @Override
  public boolean isQuiet() {
    Statistics now = runtime.statistics();
    return now.inFlight() == 0 && now.bufferBytes() == 0;
  }

  @Override
  public boolean isDrained() {
    if (hits.lostIos() == 0) {
      return isQuiet();
    }
    Statistics now = runtime.statistics();
    return now.inFlight() <= hits.lostIos()
        && now.bufferBytes() == now.quarantinedBytes()
        && now.lost() - now.late() - now.notStarted() == hits.lostRequests();
  }

  @Override
  public boolean successIsOnDevice() {
    return true;
  }

  @Override
  public Optional<Statistics> statistics() {
    return Optional.of(runtime.statistics());
  }

  @Override
  public Map<FaultKind, Long> faultHits() {
    return hits.byKind();
  }

  @Override
  public void close() {
    runtime.close();
  }
}
