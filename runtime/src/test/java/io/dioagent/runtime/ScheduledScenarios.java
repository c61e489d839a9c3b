package io.dioagent.runtime;

import static io.dioagent.runtime.ScheduledWorld.check;
import static io.dioagent.runtime.ScheduledWorld.join;
import static io.dioagent.runtime.ScheduledWorld.pass;
import static io.dioagent.runtime.ScheduledWorld.start;

import io.dioagent.runtime.api.Ended;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.file.ClaimScenario;
import io.dioagent.runtime.schedule.Schedules;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What threads do in one schedule. Each scenario makes a runtime, and closes it. */
@SuppressWarnings("ImmutableEnumChecker") // Records, of values.
enum ScheduledScenarios implements Runnable {
  /** Two writers of one file, which has memory for two chunks: each waits for the other's. */
  PIPELINE_ADMISSION(Of.TIGHT, Of.PIPELINED) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      Thread writer =
          start(
              "writer",
              () -> {
                world.write(0, 1);
                world.write(2, 3);
              });
      Thread other =
          start(
              "other",
              () -> {
                world.write(4, 5);
                world.write(6, 7);
              });
      join(writer, other);
      world.file.settle();
      check(!world.runtime.hasPending(), "pending after settle");
      world.checkPrompt();
    }
  },

  /** A settle finds in the file what was written before it. */
  PIPELINE_SETTLE(Of.SMALL, Of.PIPELINED) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      AtomicInteger written = new AtomicInteger();
      Thread writer =
          start(
              "writer",
              () -> {
                for (int i = 0; i < 3; i++) {
                  world.write(i, i + 1);
                  written.incrementAndGet();
                }
              });
      for (int i = 0; i < 2; i++) {
        int before = written.get();
        world.file.settle();
        world.checkBlocks(before);
      }
      join(writer);
      world.file.settle();
      check(!world.runtime.hasPending(), "pending after settle");
      world.checkPrompt();
    }
  },

  /** A settle comes while the writer copies into the chunk that it waits for. */
  PIPELINE_SEAL(Of.SMALL, Of.PIPELINED) {
    @Override
    @SuppressWarnings("ThreadPriorityCheck") // A step at which another thread may go on.
    void act(ScheduledWorld world) throws IOException {
      world.write(0, 1); // The next chunk has room for more than its first write.
      CountDownLatch copies = new CountDownLatch(1);
      Thread writer =
          start(
              "writer",
              () ->
                  world.write(
                      1,
                      2,
                      () -> {
                        copies.countDown();
                        Thread.yield();
                      }));
      awaitUninterrupted(copies);
      world.file.settle();
      world.checkBlocks(2);
      world.checkPrompt();
      join(writer);
    }
  },

  /** What is written twice has the later bytes, whichever threads drain. */
  PIPELINE_DRAIN(Of.ONE_BLOCK_CHUNKS, Of.PIPELINED) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      Thread settler = start("settler", world.file::settle);
      world.write(0, 1);
      world.write(1, 2);
      world.write(2, 3);
      world.write(0, 4);
      world.write(1, 5);
      world.file.settle();
      join(settler);
      world.checkPrompt();
    }
  },

  /** A write beside a close is in the file if it returned, and is refused otherwise. */
  PIPELINE_CLOSE(Of.SMALL, Of.PIPELINED) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      Thread writer =
          start(
              "writer",
              () -> {
                try {
                  world.write(0, 1);
                  world.write(1, 2);
                  world.write(3, 4);
                } catch (IOException e) {
                  check(e.getMessage().startsWith("the file is closed"), e.getMessage());
                }
              });
      check(world.closeFile() == null, "the close failed");
      check(!world.runtime.hasPending(), "pending after close");
      join(writer);
    }
  },

  /** The device hangs for longer than the deadline: a settle returns, and the close fails. */
  PIPELINE_EXPIRE(Of.SMALL, Of.PIPELINED_SHORT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.mayFail();
      world.device.hold();
      world.write(0, 1);
      world.write(2, 3);
      world.file.settle();
      check(!world.runtime.hasPending(), "pending after its deadline");
      check(world.closeFile() != null, "the error of a write is lost");
      world.expect(2, ScheduledWorld.ANY); // It may not have come to the device.
      world.device.letGo();
    }
  },

  /** The device goes on just as the deadline passes. */
  PIPELINE_EXPIRE_LATE(Of.SMALL, Of.PIPELINED_SHORT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.mayFail();
      world.device.hold();
      world.write(0, 1);
      Thread device =
          start(
              "late",
              () -> {
                pass(Of.lateMillis());
                world.device.letGo();
              });
      world.file.settle();
      join(device);
      boolean lost = world.runtime.statistics().lost() > 0;
      check(lost == (world.closeFile() != null), "lost, and no error; or the other way round");
    }
  },

  /** Two threads, and a handler that writes on. */
  ASYNC_SUBMIT(Of.SMALL, FilePolicy.DEFAULT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      Thread writer =
          start(
              "writer",
              () -> {
                world.writeAsync(0, Of.NOTHING);
                world.writeAsync(1, Of.NOTHING);
              });
      world.writeAsync(2, (bytes, failure) -> writeOn(world, 3));
      join(writer);
      world.awaitEnded(4);
      world.checkPrompt();
    }
  },

  /** A write comes to the device while the reaper waits there for another one. */
  ASYNC_BESIDE_REAPER(Of.SMALL, FilePolicy.DEFAULT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.device.hold();
      world.writeAsync(0, Of.NOTHING);
      world.device.awaitPending(1);
      world.writeAsync(1, Of.NOTHING);
      world.device.awaitPending(2);
      world.checkPrompt();
      world.device.letGo();
      world.awaitEnded();
      world.checkPrompt();
    }
  },

  /** One write extends the file, and so waits for a thread; another one goes beside it. */
  ASYNC_THREAD(Of.SMALL, FilePolicy.DEFAULT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.writeAsync(ScheduledWorld.BLOCKS - 1, Of.NOTHING);
      world.writeAsync(0, Of.NOTHING);
      world.awaitEnded();
      world.checkPrompt();
    }
  },

  /** Memory for one write at a time: the submitter waits for what the reaper gives back. */
  ASYNC_MEMORY(Of.ONE_BLOCK, FilePolicy.DEFAULT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.writeAsync(0, Of.NOTHING);
      world.writeAsync(1, Of.NOTHING);
      world.writeAsync(2, Of.NOTHING);
      world.awaitEnded();
    }
  },

  /** The device goes on just as the deadline passes. */
  ASYNC_EXPIRE(Of.SMALL, Of.SHORT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.mayFail();
      world.device.hold();
      world.writeAsync(0, Of.NOTHING);
      world.writeAsync(1, Of.NOTHING);
      Thread device =
          start(
              "late",
              () -> {
                world.device.awaitPending(2);
                pass(Of.lateMillis());
                world.device.letGo();
              });
      world.awaitEnded();
      join(device);
      check(world.runtime.statistics().lost() == world.failed(), "lost, and ended otherwise");
    }
  },

  /** The memory that a write waits for comes back just as its deadline passes. */
  ASYNC_EXPIRE_WAITING(Of.ONE_BLOCK, Of.SHORT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.mayFail();
      world.device.hold();
      world.writeAsync(0, Of.NOTHING);
      world.writeAsync(1, Of.NOTHING);
      world.expect(1, ScheduledWorld.ANY); // It may not have been started.
      Thread device =
          start(
              "late",
              () -> {
                world.device.awaitPending(1);
                pass(Of.lateMillis());
                world.device.letGo();
              });
      world.awaitEnded();
      join(device);
    }
  },

  /** The device goes on after the deadline has passed, and the file is closed. */
  ASYNC_LATE(Of.SMALL, Of.SHORT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.mayFail();
      world.device.hold();
      world.writeAsync(0, Of.NOTHING);
      world.writeAsync(1, Of.NOTHING);
      world.device.awaitPending(2);
      world.awaitEnded();
      check(world.failed() == 2, "not lost");
      Thread device = start("late", world.device::letGo);
      check(world.closeFile() == null, "the close failed");
      join(device);
    }
  },

  /** A close waits for the writes that were taken, and refuses others. */
  ASYNC_CLOSE(Of.SMALL, FilePolicy.DEFAULT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      Thread writer =
          start(
              "writer",
              () -> {
                try {
                  world.writeAsync(0, Of.NOTHING);
                  world.writeAsync(1, Of.NOTHING);
                } catch (IOException e) {
                  check(e.getMessage().startsWith("the file is closed"), e.getMessage());
                }
              });
      check(world.closeFile() == null, "the close failed");
      join(writer);
      world.awaitEnded();
      world.checkPrompt();
    }
  },

  /** A handler waits for the end of another write: that is delivered by another reaper. */
  ASYNC_STUCK_REAPER(Of.SMALL, FilePolicy.DEFAULT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.writeAsync(0, (bytes, failure) -> world.awaitEnded(1));
      world.writeAsync(1, Of.NOTHING);
      world.awaitEnded();
    }
  },

  /** What claims exclude is written by one thread at a time. */
  CLAIMS(Of.SMALL, FilePolicy.DEFAULT) {
    @Override
    void act(ScheduledWorld world) {}

    @Override
    public void run() {
      new ClaimScenario().run();
    }
  };

  /** What worlds are made of. */
  private static final class Of {
    static final RuntimeOptions SMALL = new RuntimeOptions(4, 8192, 1 << 20);

    /** Chunks of one block, and memory for four: half of it for one device. */
    static final RuntimeOptions TIGHT = new RuntimeOptions(2, 4096, 4 * 4096);

    /** Chunks of one block, and memory for all. */
    static final RuntimeOptions ONE_BLOCK_CHUNKS = new RuntimeOptions(4, 4096, 1 << 18);

    static final RuntimeOptions ONE_BLOCK = new RuntimeOptions(1, 4096, 4096);

    static final Duration DEADLINE = Duration.ofMillis(200);

    static final FilePolicy SHORT = FilePolicy.DEFAULT.withDeadline(DEADLINE);
    static final FilePolicy PIPELINED = FilePolicy.DEFAULT.withWrite(WriteMode.PIPELINED);
    static final FilePolicy PIPELINED_SHORT = PIPELINED.withDeadline(DEADLINE);

    /** Around the time at which the watchdog finds a write overdue. */
    static long lateMillis() {
      return 200L + 20L * Schedules.choice(12);
    }

    static final Ended NOTHING = (bytes, failure) -> {};
  }

  private final RuntimeOptions options;
  private final FilePolicy policy;

  ScheduledScenarios(RuntimeOptions options, FilePolicy policy) {
    this.options = options;
    this.policy = policy;
  }

  abstract void act(ScheduledWorld world) throws IOException;

  @Override
  public void run() {
    try (ScheduledWorld world = new ScheduledWorld(options, policy)) {
      act(world);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void writeOn(ScheduledWorld world, int block) {
    try {
      world.writeAsync(block, Of.NOTHING);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
