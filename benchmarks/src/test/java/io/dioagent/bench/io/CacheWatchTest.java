package io.dioagent.bench.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheWatchTest {
  private static final int FILE_BYTES = 1 << 20;

  @TempDir private Path directory;

  @Test
  void theMostIsKeptAfterPagesAreDropped() throws IOException {
    assumeTrue(PageCache.whyNoCount().isEmpty(), () -> PageCache.whyNoCount().orElseThrow());
    Path file = directory.resolve("file");
    try (CacheWatch watch = CacheWatch.start(file)) {
      assertEquals(0, watch.bytes());
      Files.write(file, new byte[FILE_BYTES]);
      assertEquals(FILE_BYTES, watch.bytes());
      Files.write(file, new byte[0]);
      assertEquals(0, watch.bytes());
      assertTrue(watch.mostBytes() >= FILE_BYTES, () -> String.valueOf(watch.mostBytes()));
    }
  }
}
