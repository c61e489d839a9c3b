package io.dioagent.runtime;

import static io.dioagent.runtime.ScheduledWorld.check;
import static io.dioagent.runtime.ScheduledWorld.join;
import static io.dioagent.runtime.ScheduledWorld.pass;
import static io.dioagent.runtime.ScheduledWorld.start;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.file.ClaimScenario;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What threads do in one schedule. Each scenario makes a runtime, and closes it. */
@SuppressWarnings("ImmutableEnumChecker") // Records, of values.
enum ScheduledScenarios implements Runnable {
  /** Two writers of one file, which has memory for two chunks: each waits for the other's. */
  PIPELINE_ADMISSION(Worlds.TIGHT, Worlds.PIPELINED) {
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
  PIPELINE_SETTLE(Worlds.SMALL, Worlds.PIPELINED) {
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
  PIPELINE_SEAL(Worlds.SMALL, Worlds.PIPELINED) {
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
  PIPELINE_DRAIN(Worlds.ONE_BLOCK_CHUNKS, Worlds.PIPELINED) {
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
  PIPELINE_CLOSE(Worlds.SMALL, Worlds.PIPELINED) {
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
  PIPELINE_EXPIRE(Worlds.SMALL, Worlds.PIPELINED_SHORT) {
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
  PIPELINE_EXPIRE_LATE(Worlds.SMALL, Worlds.PIPELINED_SHORT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.mayFail();
      world.device.hold();
      world.write(0, 1);
      Thread device =
          start(
              "late",
              () -> {
                pass(Worlds.lateMillis());
                world.device.letGo();
              });
      world.file.settle();
      join(device);
      boolean lost = world.runtime.statistics().lost() > 0;
      check(lost == (world.closeFile() != null), "lost, and no error; or the other way round");
    }
  },

  /** Two threads, and a handler that writes on. */
  ASYNC_SUBMIT(Worlds.SMALL, FilePolicy.DEFAULT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      Thread writer =
          start(
              "writer",
              () -> {
                world.writeAsync(0, Worlds.NOTHING);
                world.writeAsync(1, Worlds.NOTHING);
              });
      world.writeAsync(2, (bytes, failure) -> writeOn(world, 3));
      join(writer);
      world.awaitEnded(4);
      world.checkPrompt();
    }
  },

  /** A write comes to the device while the reaper waits there for another one. */
  ASYNC_BESIDE_REAPER(Worlds.SMALL, FilePolicy.DEFAULT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.device.hold();
      world.writeAsync(0, Worlds.NOTHING);
      world.device.awaitPending(1);
      world.writeAsync(1, Worlds.NOTHING);
      world.device.awaitPending(2);
      world.checkPrompt();
      world.device.letGo();
      world.awaitEnded();
      world.checkPrompt();
    }
  },

  /** One write extends the file, and so waits for a thread; another one goes beside it. */
  ASYNC_THREAD(Worlds.SMALL, FilePolicy.DEFAULT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.writeAsync(ScheduledWorld.BLOCKS - 1, Worlds.NOTHING);
      world.writeAsync(0, Worlds.NOTHING);
      world.awaitEnded();
      world.checkPrompt();
    }
  },

  /** Memory for one write at a time: the submitter waits for what the reaper gives back. */
  ASYNC_MEMORY(Worlds.ONE_BLOCK, FilePolicy.DEFAULT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.writeAsync(0, Worlds.NOTHING);
      world.writeAsync(1, Worlds.NOTHING);
      world.writeAsync(2, Worlds.NOTHING);
      world.awaitEnded();
    }
  },

  /** The device goes on just as the deadline passes. */
  ASYNC_EXPIRE(Worlds.SMALL, Worlds.SHORT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.mayFail();
      world.device.hold();
      world.writeAsync(0, Worlds.NOTHING);
      world.writeAsync(1, Worlds.NOTHING);
      Thread device =
          start(
              "late",
              () -> {
                world.device.awaitPending(2);
                pass(Worlds.lateMillis());
                world.device.letGo();
              });
      world.awaitEnded();
      join(device);
      check(world.runtime.statistics().lost() == world.failed(), "lost, and ended otherwise");
    }
  },

  /** The memory that a write waits for comes back just as its deadline passes. */
  ASYNC_EXPIRE_WAITING(Worlds.ONE_BLOCK, Worlds.SHORT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.mayFail();
      world.device.hold();
      world.writeAsync(0, Worlds.NOTHING);
      world.writeAsync(1, Worlds.NOTHING);
      world.expect(1, ScheduledWorld.ANY); // It may not have been started.
      Thread device =
          start(
              "late",
              () -> {
                world.device.awaitPending(1);
                pass(Worlds.lateMillis());
                world.device.letGo();
              });
      world.awaitEnded();
      join(device);
    }
  },

  /** The device goes on after the deadline has passed, and the file is closed. */
  ASYNC_LATE(Worlds.SMALL, Worlds.SHORT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.mayFail();
      world.device.hold();
      world.writeAsync(0, Worlds.NOTHING);
      world.writeAsync(1, Worlds.NOTHING);
      world.device.awaitPending(2);
      world.awaitEnded();
      check(world.failed() == 2, "not lost");
      Thread device = start("late", world.device::letGo);
      check(world.closeFile() == null, "the close failed");
      join(device);
    }
  },

  /** A close waits for the writes that were taken, and refuses others. */
  ASYNC_CLOSE(Worlds.SMALL, FilePolicy.DEFAULT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      Thread writer =
          start(
              "writer",
              () -> {
                try {
                  world.writeAsync(0, Worlds.NOTHING);
                  world.writeAsync(1, Worlds.NOTHING);
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
  ASYNC_STUCK_REAPER(Worlds.SMALL, FilePolicy.DEFAULT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      world.writeAsync(0, (bytes, failure) -> world.awaitEnded(1));
      world.writeAsync(1, Worlds.NOTHING);
      world.awaitEnded();
    }
  },

  /** The watchdog looks at a caller's own write while it ends, and while the next one begins. */
  BEHIND_CALLS(Worlds.SMALL, Worlds.BEHIND_SHORT) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      new BehindScenario(world).hang();
    }
  },

  /** Files come and go while their trail is flushed. */
  BEHIND_TRAIL(Worlds.SMALL, Worlds.BEHIND) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      new BehindScenario(world).comeAndGo();
    }
  },

  /** A write ends after its file has been closed. */
  BEHIND_LATE(Worlds.SMALL, Worlds.BEHIND) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      new BehindScenario(world).endLate();
    }
  },

  /** Callers wait for each other's bytes to be written back. */
  BEHIND_BOUND(Worlds.SMALL, Worlds.BEHIND) {
    @Override
    void act(ScheduledWorld world) throws IOException {
      new BehindScenario(world).waitForBound();
    }
  },

  /** What claims exclude is written by one thread at a time. */
  CLAIMS(Worlds.SMALL, FilePolicy.DEFAULT) {
    @Override
    void act(ScheduledWorld world) {}

    @Override
    public void run() {
      new ClaimScenario().run();
    }
  };

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
      world.writeAsync(block, Worlds.NOTHING);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
