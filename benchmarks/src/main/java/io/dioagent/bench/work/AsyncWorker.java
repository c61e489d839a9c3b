package io.dioagent.bench.work;

import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.io.WriteShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import jdk.jfr.Recording;

/**
 * Keeps a number of writes in flight on one asynchronous channel with its default executor, and
 * checks the result.
 */
public final class AsyncWorker {
  /** The way to wait for writes. */
  public enum Form {
    /** Handlers; each writes the next block from its buffer. */
    HANDLER {
      @Override
      void start(AsyncWorker worker) {
        for (Slot slot : worker.slots) {
          worker.open.register();
          slot.writeNext();
        }
      }
    },

    /** One thread gets the oldest Future, and writes the next block from its buffer. */
    FUTURE {
      @Override
      void start(AsyncWorker worker) {
        worker.open.register();
        new Thread(worker::getFutures, "futures").start();
      }
    };

    /** Starts the writes, which end after {@link AsyncWorker#over} is set. */
    abstract void start(AsyncWorker worker);
  }

  /** Limits the wait for the last writes; past it, the sample fails. */
  private static final long PATIENCE_SECONDS = 60;

  private final AsynchronousFileChannel channel;
  private final WriteShape shape;
  private final int blocks;
  private final Pattern pattern;
  private final Slot[] slots;

  /** Whether a block was written, by its number; set by any thread. */
  private final boolean[] written;

  /** Counts writes that have not ended. */
  private final Phaser open = new Phaser(1);

  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean over;

  private AsyncWorker(
      AsynchronousFileChannel channel, long fileBytes, WriteShape shape, Pattern pattern) {
    this.channel = channel;
    this.shape = shape;
    this.pattern = pattern;
    blocks = Math.toIntExact(fileBytes / shape.ioBytes());
    written = new boolean[blocks];
    slots = new Slot[shape.depth()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Slot(i);
    }
  }

  /** A buffer, and one write from it at a time. */
  private final class Slot implements CompletionHandler<Integer, Void> {
    private final SplittableRandom random = new SplittableRandom();
    private final ByteBuffer block = DirectFiles.allocate(shape.ioBytes());
    private int number;

    private final LongAdder ended = new LongAdder();

    Slot(int first) {
      number = first % blocks;
      pattern.fill(block);
    }

    private long prepareNext() {
      number = shape.random() ? random.nextInt(blocks) : (number + shape.depth()) % blocks;
      long position = (long) number * shape.ioBytes();
      pattern.stamp(block, position);
      block.clear();
      return position;
    }

    void writeNext() {
      channel.write(block, prepareNext(), null, this);
    }

    Future<Integer> startNext() {
      return channel.write(block, prepareNext());
    }

    /** Records the end of a write; returns whether to continue. */
    boolean ended(int bytes) {
      if (bytes != shape.ioBytes()) {
        failed(new IOException(bytes + " of " + shape.ioBytes() + " bytes written"), null);
        return false;
      }
      written[number] = true;
      ended.increment();
      return !over;
    }

    @Override
    public void completed(Integer bytes, Void nothing) {
      if (ended(bytes)) {
        writeNext();
      } else {
        open.arriveAndDeregister();
      }
    }

    @Override
    public void failed(Throwable thrown, Void nothing) {
      failure.compareAndSet(null, thrown);
      open.arriveAndDeregister();
    }
  }

  /**
   * Returns the arguments for {@link #main}.
   *
   * @param jdkDirect whether to use {@code ExtendedOpenOption.DIRECT}
   */
  public static List<String> arguments(
      Path file,
      WriteShape shape,
      Form form,
      boolean jdkDirect,
      Recorded recorded,
      Duration warmUp,
      Duration measured) {
    List<String> arguments = new ArrayList<>(List.of(file.toString()));
    arguments.addAll(shape.arguments());
    arguments.addAll(
        List.of(
            form.name(),
            Boolean.toString(jdkDirect),
            recorded.name(),
            Long.toString(warmUp.toNanos()),
            Long.toString(measured.toNanos())));
    return arguments;
  }

  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0]);
    WriteShape shape = WriteShape.parse(arguments, 1);
    Form form = Form.valueOf(arguments[4]);
    boolean jdkDirect = Boolean.parseBoolean(arguments[5]);
    OpenOption[] options =
        jdkDirect
            ? new OpenOption[] {StandardOpenOption.WRITE, DirectFiles.DIRECT}
            : new OpenOption[] {StandardOpenOption.WRITE};
    Pattern pattern = new Pattern(shape.ioBytes(), System.nanoTime());
    AsyncWorker worker;
    Recording recording = Recorded.valueOf(arguments[6]).start();
    try (AgentCounters counters = AgentCounters.start()) {
      // Closed before the counters are read: its period would make them up to a second old.
      try (recording;
          AsynchronousFileChannel channel = AsynchronousFileChannel.open(file, options)) {
        worker = new AsyncWorker(channel, Files.size(file), shape, pattern);
        worker.run(form, Long.parseLong(arguments[7]), Long.parseLong(arguments[8]));
      }
      Answer.printWritten(worker.ended() * shape.ioBytes());
      counters.print();
    }
    Verifier.verify(file, pattern, worker.written(), StandardOpenOption.READ, DirectFiles.DIRECT);
  }

  private void run(Form form, long warmUpNanos, long measuredNanos) throws Exception {
    form.start(this);
    Rate.print(this::ended, warmUpNanos, measuredNanos);
    over = true;
    open.awaitAdvanceInterruptibly(open.arrive(), PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (failure.get() != null) {
      throw new IOException("a write failed", failure.get());
    }
  }

  private void getFutures() {
    try {
      Future<?>[] futures = new Future<?>[slots.length];
      for (int i = 0; i < slots.length; i++) {
        futures[i] = slots[i].startNext();
      }
      int left = slots.length;
      for (int i = 0; left > 0; i = (i + 1) % slots.length) {
        if (futures[i] != null) {
          boolean goOn = slots[i].ended((Integer) futures[i].get());
          futures[i] = goOn ? slots[i].startNext() : null;
          left -= goOn ? 0 : 1;
        }
      }
    } catch (InterruptedException | ExecutionException | RuntimeException e) {
      failure.compareAndSet(null, e);
    }
    open.arriveAndDeregister();
  }

  private long ended() {
    long sum = 0;
    for (Slot slot : slots) {
      sum += slot.ended.sum();
    }
    return sum;
  }

  private BitSet written() {
    BitSet numbers = new BitSet();
    for (int i = 0; i < written.length; i++) {
      numbers.set(i, written[i]);
    }
    return numbers;
  }
}
