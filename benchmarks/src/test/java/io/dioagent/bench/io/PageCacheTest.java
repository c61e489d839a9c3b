package io.dioagent.bench.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageCacheTest {
  @TempDir private Path directory;

  @Test
  void writtenBytesAreResident() throws IOException {
    Path file = Files.write(directory.resolve("file"), new byte[100_000]);
    assertEquals(100, PageCache.residentPercent(file));
  }

  @Test
  void anEmptyFileHasNoShare() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThrows(IOException.class, () -> PageCache.residentPercent(file));
  }
}
