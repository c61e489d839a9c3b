package io.dioagent.agent.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.options.Glob;
import io.dioagent.agent.options.Mode;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.WriteMode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sun.nio.ch.DioHook;

/** An agent comes and goes while an application writes by one channel, and reads by another. */
class StartUnderWritesTest {
  private static final int STARTS = 300;

  @TempDir Path temporary;

  /** The last write has returned, and is not in its file yet. */
  private volatile boolean pending;

  private volatile boolean ending;

  /** Writes that were a target's. */
  private final AtomicLong redirected = new AtomicLong();

  /** A file with each write on its way until the file is settled or closed. */
  private final class PendingTargets implements Targets {
    @Override
    public Target adopt(int number, TagRule rule) {
      RecordingTarget target = new RecordingTarget();
      target.beforeAnswer = () -> pending = true;
      target.onClose = () -> pending = false;
      return target;
    }

    @Override
    public boolean hasPending() {
      return pending;
    }

    @Override
    public void settle(int number) {
      pending = false;
    }
  }

  /** From the first write on that is on its way, a read by any descriptor waits for it. */
  @Test
  void noReadComesBeforeWhatWasWritten() throws Exception {
    Path file = temporary.toRealPath().resolve("file");
    FilePolicy pipelined = FilePolicy.DEFAULT.withWrite(WriteMode.PIPELINED);
    List<TagRule> tags = List.of(new TagRule("t", Glob.of(file.toString()), pipelined));
    FileHook hook = new FileHook();
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try (FileOutputStream written = new FileOutputStream(file.toFile());
        FileOutputStream read = new FileOutputStream(file.toFile())) {
      Future<Long> tooEarly = pool.submit(() -> writeAndRead(hook, written.getFD(), read.getFD()));
      for (int i = 0; i < STARTS && !tooEarly.isDone(); i++) {
        long before = redirected.get();
        hook.start(Mode.DIRECT, new PendingTargets(), tags, List.of());
        while (redirected.get() == before && !tooEarly.isDone()) {
          Thread.onSpinWait();
        }
        assertEquals(0, hook.stop(System.nanoTime() + TimeUnit.MINUTES.toNanos(1)));
      }
      ending = true;
      assertEquals(0, tooEarly.get(1, TimeUnit.MINUTES), "reads before " + redirected + " writes");
      assertTrue(redirected.get() >= STARTS, "redirected: " + redirected);
    } finally {
      ending = true;
      pool.shutdownNow();
    }
  }

  /** Ends with the first read that comes too early, and counts it. */
  private long writeAndRead(FileHook hook, FileDescriptor written, FileDescriptor read)
      throws IOException {
    while (!ending) {
      if (hook.onWriteAt(written, 0, 1, 0) != DioHook.NOT_MINE) {
        assertEquals(DioHook.NOT_MINE, hook.onReadAt(read, 0, 1, 0));
        if (pending) {
          return 1;
        }
        redirected.incrementAndGet();
      }
    }
    return 0;
  }
}
