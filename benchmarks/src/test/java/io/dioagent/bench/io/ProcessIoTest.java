package io.dioagent.bench.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessIoTest {
  private static final int WRITTEN_BYTES = 100_000;

  @TempDir private Path directory;

  @Test
  void theKernelsLinesAreRead() throws IOException {
    List<String> lines =
        List.of("rchar: 1", "wchar: 2", "write_bytes: 3", "cancelled_write_bytes: 4");
    assertEquals(new ProcessIo(3, 2), ProcessIo.parse(lines));
  }

  @Test
  void aMissingLineIsReported() {
    IOException thrown =
        assertThrows(IOException.class, () -> ProcessIo.parse(List.of("wchar: 2")));
    assertEquals("/proc/self/io has no write_bytes", thrown.getMessage());
  }

  @Test
  void writesOfThisProcessAreCounted() throws IOException {
    ProcessIo before = ProcessIo.self();
    Files.write(directory.resolve("file"), new byte[WRITTEN_BYTES]);
    assertTrue(ProcessIo.self().callBytes() - before.callBytes() >= WRITTEN_BYTES);
  }
}
