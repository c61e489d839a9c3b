package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.file.FileNode;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Files that are opened while other threads look at all that are open. */
class OpeningTest {
  private static final int OPENINGS = 3000;
  private static final int LOOKERS = 2;

  @Test
  void aFileIsSeenOnceItIsWhole() throws Exception {
    try (TestRuntime test = new TestRuntime()) {
      DirectFile first = test.openWritten("f", 4096, FilePolicy.DEFAULT);
      FileNode node = first.context().node();
      AtomicBoolean over = new AtomicBoolean();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      Thread[] lookers = new Thread[LOOKERS];
      for (int i = 0; i < LOOKERS; i++) {
        lookers[i] =
            new Thread(
                () -> {
                  try {
                    while (!over.get()) {
                      test.runtime.files().quiet(node);
                      test.runtime.files().nodes().longestDeadlineNanos(node);
                    }
                  } catch (RuntimeException e) {
                    failure.set(e);
                  }
                });
        lookers[i].start();
      }
      for (int i = 0; i < OPENINGS && failure.get() == null; i++) {
        test.open("f").close();
      }
      over.set(true);
      for (Thread looker : lookers) {
        looker.join();
      }
      assertNull(failure.get());
    }
  }
}
