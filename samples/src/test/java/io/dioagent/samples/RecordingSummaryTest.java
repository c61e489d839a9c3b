package io.dioagent.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.events.BufferedFallback;
import io.dioagent.events.CompletionError;
import io.dioagent.events.DioEvents;
import io.dioagent.events.LostCompletion;
import io.dioagent.events.Write;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingSummaryTest {
  @TempDir Path directory;

  private static void write(long direct, long buffered) {
    Write write = new Write();
    write.begin();
    write.directBytes = direct;
    write.bufferedBytes = buffered;
    write.commit();
  }

  private static void fallback(long length, String reason) {
    BufferedFallback fallback = new BufferedFallback();
    fallback.length = length;
    fallback.reason = reason;
    fallback.commit();
  }

  private List<String> summary(Runnable whileRecording) throws Exception {
    Path file = directory.resolve("recording.jfr");
    try (Recording recording = new Recording(DioEvents.configuration())) {
      recording.start();
      whileRecording.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingSummary.of(file).lines();
  }

  @Test
  void addsUpTheEvents() throws Exception {
    List<String> lines =
        summary(
            () -> {
              write(8192, 100);
              write(4096, 0);
              fallback(60, "unaligned tail");
              fallback(40, "unaligned head");
              fallback(30, "unaligned tail");
              LostCompletion lost = new LostCompletion();
              lost.ageNanos = 2_000_000_000;
              lost.commit();
              CompletionError error = new CompletionError();
              error.errnoName = "EIO";
              error.commit();
            });
    assertEquals(
        List.of(
            "files=0",
            "writes=2",
            "bytes.direct=12288",
            "bytes.buffered=100",
            "buffered=40 1 unaligned head",
            "buffered=90 2 unaligned tail",
            "lost=1",
            "late=0",
            "duplicates=0",
            "unknown=0",
            "collisions=0",
            "stalls=0",
            "faults=0",
            "errors=1",
            "error=1 EIO",
            "age.max.ms=2000"),
        lines);
  }

  @Test
  void countsNothingWithoutDioEvents() throws Exception {
    assertEquals("writes=0", summary(() -> {}).get(1));
  }
}
