package io.dioagent.samples.stress;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.engine.KernelAio;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * One run of aio-stress: all stages in order, and with verify one more read of all files. {@link
 * #run} is called once; {@link #stop} may be called by any thread.
 */
public final class StressRun {
  private static final long POLL_MILLIS = 10;

  /** Pauses after a stage without an open file, so that a repeated run does not spin. */
  private static final long PAUSE_WITHOUT_FILES_MILLIS = 100;

  private final StressConfig config;
  private final Supplier<Layer> newLayer;
  private final Progress progress;
  private final Control control = new Control();
  private final Tally tally = new Tally();
  private final Findings findings;
  private final List<Worker> workers = new ArrayList<>();
  private final StageThreads threads;
  private final Map<String, StageResult> stages = new LinkedHashMap<>();
  private volatile boolean interrupted;
  private boolean stuck;
  private boolean created;
  private int stageNumber;

  /**
   * Makes a run.
   *
   * @param events receives the runtime's events
   * @param messages receives a line for each finding
   */
  public StressRun(StressConfig config, EventSink events, PrintStream messages) {
    this(config, events, messages, Progress.NONE);
  }

  StressRun(StressConfig config, EventSink events, PrintStream messages, Progress progress) {
    this(
        config,
        () ->
            config.access().api() == Api.CHANNEL
                ? new ChannelLayer(config)
                : new RuntimeLayer(config, events, new KernelAio(), messages),
        messages,
        progress);
  }

  /** Makes a run on a layer that {@link #run} makes and closes. */
  StressRun(StressConfig config, Supplier<Layer> layer, PrintStream messages, Progress progress) {
    this.config = config;
    this.newLayer = layer;
    this.progress = progress;
    findings = new Findings(messages);
    for (int i = 0; i < config.shape().threads(); i++) {
      workers.add(new Worker(config, i, control, tally, findings));
    }
    threads = new StageThreads(workers, findings, config.limits().patience());
  }

  /** Ends the run early, after the requests in flight. */
  public void stop() {
    interrupted = true;
    control.stop();
  }

  /**
   * Runs all stages.
   *
   * @throws NotDirectException if a file does not support direct I/O, which was required
   */
  public StressResult run() throws NotDirectException, InterruptedException {
    long start = System.nanoTime();
    try (Layer layer = newLayer.get()) {
      runStages(layer, start);
      boolean drained = drain(layer);
      if (config.verify() && !stuck && !interrupted) {
        control.resume();
        workers.forEach(Worker::forgive);
        read("check", Stage.READ, () -> {});
      }
      return result(layer, drained, System.nanoTime() - start);
    }
  }

  private void runStages(Layer layer, long start) throws NotDirectException, InterruptedException {
    long untilNanoTime = start + config.limits().repeatFor().toNanos();
    boolean repeated = !config.limits().repeatFor().isZero();
    Runnable limit =
        () -> {
          if (repeated && System.nanoTime() - untilNanoTime >= 0) {
            control.stop();
          }
        };
    do {
      for (Stage stage : config.stages()) {
        if (!control.isStopped() && !stuck) {
          runStage(layer, stage, limit);
        }
      }
      limit.run();
      if (workers.stream().allMatch(Worker::isExhausted)) {
        control.stop();
      }
    } while (repeated && !control.isStopped() && !stuck);
  }

  private void runStage(Layer layer, Stage stage, Runnable limit)
      throws NotDirectException, InterruptedException {
    if (stage.isWrite()) {
      write(layer, stage, limit);
      if (!stuck && layer.isQuiet()) {
        workers.forEach(Worker::nothingLeft);
      }
    } else {
      read(stage.option(), stage, limit);
    }
  }

  private void write(Layer layer, Stage stage, Runnable limit)
      throws NotDirectException, InterruptedException {
    boolean emptied = stageNumber == 0 && stage == Stage.WRITE;
    StageFiles files = layer.open(openOptions(emptied), this::fileFailed);
    boolean anyOpen = false;
    for (int i = 0; i < config.files().size(); i++) {
      int file = i;
      anyOpen |= files.isOpen(file);
      if (emptied && files.isOpen(file)) {
        workers.forEach(worker -> worker.holdsZeros(file));
      }
    }
    int number = stageNumber;
    runParts(
        stage.option(),
        (worker, latency) -> worker.write(files, worker.order(stage, number), latency),
        () -> force(layer, files),
        limit);
    if (!stuck) {
      files.close();
    }
    pauseUnless(anyOpen);
  }

  /**
   * Creates files only once: on a frozen file system creation waits, and plain opening does not.
   */
  private Set<OpenOption> openOptions(boolean emptied) {
    if (created) {
      return Set.of();
    }
    created = true;
    return emptied
        ? Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)
        : Set.of(StandardOpenOption.CREATE);
  }

  private void read(String name, Stage order, Runnable limit) throws InterruptedException {
    ReadFiles files = new ReadFiles(config.files(), this::fileFailed);
    int number = stageNumber;
    runParts(
        name,
        (worker, latency) -> worker.read(files, worker.order(order, number), latency),
        () -> {},
        limit);
    if (!stuck) {
      files.close();
    }
    pauseUnless(files.isAnyOpen());
  }

  private static void pauseUnless(boolean anyOpen) throws InterruptedException {
    if (!anyOpen) {
      TimeUnit.MILLISECONDS.sleep(PAUSE_WITHOUT_FILES_MILLIS);
    }
  }

  private void runParts(String name, StageThreads.Part part, Runnable last, Runnable limit)
      throws InterruptedException {
    stageNumber++;
    long bytesBefore = tally.bytes.sum();
    long start = System.nanoTime();
    Histogram latency =
        threads.run(
            part,
            last,
            () -> {
              limit.run();
              progress.tick(name, tally);
            });
    stuck = latency == null;
    if (!stuck) {
      StageResult result =
          new StageResult(
              name, latency, tally.bytes.sum() - bytesBefore, System.nanoTime() - start);
      stages.merge(name, result, StageResult::plus);
    }
  }

  /** Called by the last thread of a writing stage; may get stuck, as a write may. */
  private void force(Layer layer, StageFiles files) {
    boolean all = true;
    for (int i = 0; i < config.files().size(); i++) {
      try {
        if (files.isOpen(i)) {
          files.force(i);
        }
      } catch (IOException e) {
        all = false;
        fileFailed(config.files().get(i), e);
      }
    }
    if (!layer.successIsOnDevice()) {
      boolean forced = all;
      workers.forEach(worker -> worker.forced(forced));
    }
  }

  private void fileFailed(Path path, IOException failure) {
    int errno = Errors.errnoOf(failure);
    tally.error(errno);
    if (errno == Errors.OTHER) {
      findings.report(path + ": " + failure);
    }
    if (config.limits().stopOnError()) {
      control.stop();
    }
  }

  /** Waits for late completions; returns false if some have not come. */
  private boolean drain(Layer layer) throws InterruptedException {
    long until = System.nanoTime() + config.limits().patience().toNanos();
    while (!stuck && !layer.isDrained()) {
      if (interrupted || System.nanoTime() - until >= 0) {
        findings.report("not drained: " + layer.statistics().orElseThrow());
        return false;
      }
      progress.tick("late completions", tally);
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    if (layer.isQuiet()) {
      workers.forEach(Worker::nothingLeft);
    }
    return !stuck;
  }

  private StressResult result(Layer layer, boolean drained, long durationNanos) {
    return new StressResult(
        tally.issued.sum(),
        tally.ended.sum(),
        tally.bytes.sum(),
        tally.failed.sum(),
        tally.lost.sum(),
        layer.statistics().map(Statistics::late).orElse(0L),
        tally.duplicate.sum(),
        tally.unknown.sum(),
        tally.differingBytes.sum(),
        threads.left(),
        durationNanos,
        config.seed(),
        tally.shortWrites.sum(),
        tally.errors(),
        layer.faultHits(),
        threads.defects(),
        List.copyOf(stages.values()),
        layer.statistics(),
        drained);
  }
}
