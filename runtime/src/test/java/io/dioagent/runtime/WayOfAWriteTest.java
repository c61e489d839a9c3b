package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnLost;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import io.dioagent.runtime.engine.Completions;
import io.dioagent.runtime.engine.PageCache;
import io.dioagent.runtime.engine.Submissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The runtime's frames between {@code DirectFile.write}, or a submitter thread's first, and the
 * engine. A reader who follows a write has to read so many methods: ARCHITECTURE.md lists them.
 */
@Tag("engine")
class WayOfAWriteTest {
  /** Frames from the first one to the engine's, both counted; more fail the test. */
  private static final int TO_REAP = 7;

  private static final int TO_SUBMIT_BY_THREAD = 5;
  private static final int TO_SUBMIT_BY_CALLER = 8;

  /** With io_uring, where a submitter thread makes the whole write. */
  private static final int TO_REAP_BY_THREAD = 10;

  private static final String RUNTIME = "io.dioagent.runtime.";

  private final ConcurrentLinkedQueue<List<String>> submits = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<List<String>> reaps = new ConcurrentLinkedQueue<>();
  private volatile boolean endsOnSubmitter;
  private final TestRuntime test =
      new TestRuntime(RuntimeOptions.DEFAULT, engine -> new TracedEngine(engine));

  @AfterEach
  void end() {
    test.close();
  }

  @Test
  void theCallerReapsAndAnotherThreadSubmits() throws Exception {
    write(FilePolicy.DEFAULT);
    if (endsOnSubmitter) {
      assertWays(reaps, "Submitters.lambda$executeReserved$0", TO_REAP_BY_THREAD);
      return;
    }
    assertWays(reaps, "DirectFile.write", TO_REAP);
    if (TestRuntime.callersSubmit()) {
      assertWays(submits, "DirectFile.write", TO_SUBMIT_BY_CALLER);
    } else {
      assertWays(submits, "SubmissionQueue$Worker.run", TO_SUBMIT_BY_THREAD);
    }
  }

  @Test
  void theCallerSubmitsToo() throws Exception {
    write(FilePolicy.DEFAULT.withOnLost(OnLost.REPORT));
    assertWays(reaps, "DirectFile.write", TO_REAP);
    assertWays(submits, "DirectFile.write", TO_SUBMIT_BY_CALLER);
  }

  private void write(FilePolicy policy) throws Exception {
    DirectFile file = test.openWritten("f", 8192, policy);
    assertEquals(4096, TestRuntime.write(file, new byte[4096], 0)); // Opens, and may wait.
    submits.clear();
    reaps.clear();
    assertEquals(4096, TestRuntime.write(file, new byte[4096], 4096));
  }

  private static void assertWays(Iterable<List<String>> ways, String first, int most) {
    int count = 0;
    for (List<String> way : ways) {
      assertTrue(way.get(0).endsWith(first), () -> "the first frame of " + way);
      assertTrue(way.size() <= most, () -> way.size() + " frames, at most " + most + ": " + way);
      count++;
    }
    assertTrue(count > 0, "no call of the engine");
  }

  /** Returns the calling thread's frames in the runtime, the outermost first. */
  private static List<String> way(String enginesMethod) {
    List<String> all = new ArrayList<>();
    for (StackTraceElement frame : new Throwable().getStackTrace()) {
      String name = frame.getClassName();
      boolean ofTest = name.contains("Test");
      if (name.startsWith(RUNTIME) && !ofTest) {
        all.add(0, name.substring(name.lastIndexOf('.') + 1) + "." + frame.getMethodName());
      }
    }
    all.add("Context." + enginesMethod);
    return all;
  }

  private final class TracedEngine implements AioEngine {
    private final AioEngine engine;

    TracedEngine(AioEngine engine) {
      this.engine = engine;
    }

    @Override
    public AioContext open(int depth) throws AioUnavailableException {
      AioContext context = engine.open(depth);
      endsOnSubmitter = context.endsOnSubmitter();
      return new WrappedContext(context) {
        @Override
        public boolean honoursNowait() {
          return context.honoursNowait();
        }

        @Override
        public boolean endsOnSubmitter() {
          return context.endsOnSubmitter();
        }

        @Override
        public int submit(Submissions batch, int first, int count) {
          submits.add(way("submit"));
          return super.submit(batch, first, count);
        }

        @Override
        public int reap(Completions batch, int min, long timeoutNanos) {
          reaps.add(way("reap"));
          return super.reap(batch, min, timeoutNanos);
        }
      };
    }

    @Override
    public PageCache pageCache() {
      return engine.pageCache();
    }
  }
}
