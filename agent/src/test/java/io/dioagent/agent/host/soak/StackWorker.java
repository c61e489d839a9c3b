package io.dioagent.agent.host.soak;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes a file of its own at the end of the stack: a thread recurses until its stack ends, and on
 * its way back tries the same write in each frame until it succeeds.
 */
final class StackWorker extends Worker {
  private static final long STACK_BYTES = 512 << 10;

  private final OwnFile file;
  private final List<OwnFile.Way> synchronous = Ways.synchronous();
  private final List<OwnFile.Way> asynchronous = Ways.asynchronous();
  private final boolean alsoAsynchronous;
  private boolean created;

  /**
   * A worker.
   *
   * @param alsoAsynchronous not for a plain JVM, which does not survive it: an overflow within
   *     ThreadPoolExecutor.addWorker leaves its lock locked
   */
  StackWorker(Path path, Account account, SplittableRandom random, boolean alsoAsynchronous) {
    super("stack end in " + path.getParent().getFileName(), account, random);
    this.alsoAsynchronous = alsoAsynchronous;
    file = new OwnFile(path, account, random);
  }

  @Override
  void step() throws Exception {
    if (!created) {
      file.create();
      created = true;
    }
    if (alsoAsynchronous && random.nextInt(4) == 0) {
      OwnFile.Way way = asynchronous.get(random.nextInt(asynchronous.size()));
      file.write((path, bytes, length, offset) -> descend(way, path, bytes, length, offset), true);
      file.renew(); // A try that threw may still be on its way.
    } else {
      OwnFile.Way way = synchronous.get(random.nextInt(synchronous.size()));
      file.write((path, bytes, length, offset) -> descend(way, path, bytes, length, offset), false);
      file.check();
    }
  }

  /** Returns when a try has succeeded. */
  private void descend(OwnFile.Way way, Path path, byte[] bytes, int length, long offset)
      throws Exception {
    List<Throwable> failure = new ArrayList<>(1);
    Descent descent = new Descent(way, path, bytes, length, offset);
    Thread deep =
        new Thread(
            null,
            () -> {
              try {
                descent.run(0);
              } catch (Throwable e) {
                failure.add(e);
              }
            },
            "soak-deep",
            STACK_BYTES);
    deep.start();
    boolean interrupted = false;
    while (deep.isAlive()) {
      try {
        deep.join();
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (OutOfMemoryError e) {
        // It may still write: waited for all the same.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    long unused = account.overflows.addAndGet(descent.overflows);
    if (!failure.isEmpty()) {
      if (failure.get(0) instanceof Exception e) {
        throw e;
      }
      throw (Error) failure.get(0);
    }
  }

  @Override
  void end() throws Exception {
    file.end();
  }

  private static final class Descent {
    /** Never so deep: the stack ends before. */
    private static final int DEEPEST = Integer.MAX_VALUE;

    private final OwnFile.Way way;
    private final Path path;
    private final byte[] bytes;
    private final int length;
    private final long offset;
    private boolean done;
    private long overflows;

    Descent(OwnFile.Way way, Path path, byte[] bytes, int length, long offset) {
      this.way = way;
      this.path = path;
      this.bytes = bytes;
      this.length = length;
      this.offset = offset;
    }

    void run(int depth) throws Exception {
      try {
        if (depth < DEEPEST) {
          run(depth + 1);
        }
      } catch (StackOverflowError e) {
        overflows++;
      }
      if (!done) {
        way.write(path, bytes, length, offset);
        done = true;
      }
    }
  }
}
