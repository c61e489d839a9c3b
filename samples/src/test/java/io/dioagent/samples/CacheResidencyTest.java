package io.dioagent.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheResidencyTest {
  @TempDir Path directory;

  @Test
  void writtenBytesAreResident() throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[10_000]);
    assertEquals(10_000, CacheResidency.residentBytes(file));
  }

  @Test
  void aHoleIsNotResidentAndIsNotLoadedByTheCheck() throws Exception {
    Path file = directory.resolve("file");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(new byte[4096]), 1 << 20);
    }
    assertEquals(4096, CacheResidency.residentBytes(file));
    assertEquals(4096, CacheResidency.residentBytes(file));
  }

  @Test
  void anEmptyFileHasNothing() throws Exception {
    assertEquals(0, CacheResidency.residentBytes(Files.createFile(directory.resolve("file"))));
  }
}
