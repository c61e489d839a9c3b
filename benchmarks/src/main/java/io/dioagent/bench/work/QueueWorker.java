package io.dioagent.bench.work;

import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.io.WriteShape;
import io.dioagent.runtime.AlignedBuffer;
import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.WriteQueue;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.jfr.JfrEventSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import jdk.jfr.Recording;

/**
 * Keeps a number of writes over a file in flight with one thread on the runtime's queue, and checks
 * the result.
 */
public final class QueueWorker extends FullQueue {
  /** Limits a wait for completions; past it, {@link #await} returns without one. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final DirectFile file;
  private final WriteQueue queue;
  private final WriteShape shape;
  private final Blocks blocks;
  private final AlignedBuffer[] buffers;
  private final ByteBuffer[] contents;
  private final Pattern pattern;

  private QueueWorker(
      DirectRuntime runtime, DirectFile file, long fileBytes, WriteShape shape, Pattern pattern)
      throws IOException {
    super(shape.depth());
    this.file = file;
    this.shape = shape;
    this.pattern = pattern;
    blocks = new Blocks(shape, fileBytes);
    queue = runtime.newQueue(shape.depth());
    buffers = new AlignedBuffer[shape.depth()];
    contents = new ByteBuffer[shape.depth()];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = runtime.allocate(shape.ioBytes());
      contents[i] = buffers[i].byteBuffer().duplicate();
      pattern.fill(contents[i]);
    }
  }

  /** Returns the arguments for {@link #main}. */
  public static List<String> arguments(
      Path file, WriteShape shape, Recorded recorded, Duration warmUp, Duration measured) {
    List<String> arguments = new ArrayList<>(List.of(file.toString()));
    arguments.addAll(shape.arguments());
    arguments.addAll(
        List.of(
            recorded.name(), Long.toString(warmUp.toNanos()), Long.toString(measured.toNanos())));
    return arguments;
  }

  public static void main(String[] arguments) throws IOException {
    Path path = Path.of(arguments[0]);
    WriteShape shape = WriteShape.parse(arguments, 1);
    Pattern pattern = new Pattern(shape.ioBytes(), System.nanoTime());
    BitSet written;
    Recording recording = Recorded.valueOf(arguments[4]).start();
    try {
      written = measure(path, shape, pattern, arguments);
    } finally {
      recording.close();
    }
    Verifier.verify(path, pattern, written, StandardOpenOption.READ, DirectFiles.DIRECT);
  }

  private static BitSet measure(Path path, WriteShape shape, Pattern pattern, String[] arguments)
      throws IOException {
    try (JfrEventSink events = new JfrEventSink();
        DirectRuntime runtime = DirectRuntime.start(RuntimeOptions.DEFAULT, events);
        DirectFile file = runtime.open(path, FilePolicy.DEFAULT.withFallbackAllowed(false))) {
      QueueWorker worker = new QueueWorker(runtime, file, Files.size(path), shape, pattern);
      worker.writesPerSecond(Long.parseLong(arguments[5]));
      long endedBefore = worker.ended();
      long cpuBefore = ProcessCpu.nanos();
      Answer.print(Answer.WRITES_PER_SECOND, worker.writesPerSecond(Long.parseLong(arguments[6])));
      double cpuMicros = (ProcessCpu.nanos() - cpuBefore) / 1e3;
      Answer.print(Answer.CPU_MICROS_PER_WRITE, cpuMicros / (worker.ended() - endedBefore));
      worker.drain();
      worker.queue.close();
      Statistics statistics = runtime.statistics();
      Answer.print(Answer.DIRECT_BYTES, statistics.directBytes());
      Answer.print(Answer.BUFFERED_BYTES, statistics.bufferedBytes());
      Answer.printWritten(worker.ended() * shape.ioBytes());
      return worker.blocks.written();
    }
  }

  @Override
  void await() {
    int unused = queue.await(1, PATIENCE, this::hasEnded);
  }

  @Override
  void submit(int number) throws IOException {
    long position = blocks.next();
    pattern.stamp(contents[number], position);
    queue.submit(file, buffers[number], shape.ioBytes(), position, number);
  }

  private void hasEnded(long number, long result, long requestId) {
    if (result != shape.ioBytes()) {
      throw new IllegalStateException("request " + requestId + " ended with " + result);
    }
    completed((int) number);
  }
}
