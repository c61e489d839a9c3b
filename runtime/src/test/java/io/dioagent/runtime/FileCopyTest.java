package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Copies from a descriptor, at its own offset and the file's. */
class FileCopyTest {
  private static final int BYTES = (9 << 20) + 77;
  private static final int FROM = 10;
  private static final int TO = 3;

  private final byte[] source = TestRuntime.bytes(BYTES, 1);
  private TestRuntime test;

  @AfterEach
  void close() {
    test.close();
  }

  private int from() throws IOException {
    Files.write(test.path("source"), source);
    int from = test.descriptor(test.path("source"), Linux.O_RDONLY);
    assertEquals(FROM, Linux.seek(from, FROM));
    return from;
  }

  private int to() throws IOException {
    int to = test.descriptor(Files.createFile(test.path("target")), Linux.O_WRONLY);
    assertEquals(TO, Linux.seek(to, TO));
    return to;
  }

  @Test
  void copiesTheRestAndMovesBothOffsets() throws Exception {
    test = new TestRuntime();
    int from = from();
    int to = to();
    test.adopt(to, FilePolicy.DEFAULT).copyFrom(from);
    byte[] expected = new byte[TO + BYTES - FROM];
    System.arraycopy(source, FROM, expected, TO, BYTES - FROM);
    assertArrayEquals(expected, test.content("target"));
    assertEquals(BYTES, Linux.position(from));
    assertEquals(expected.length, Linux.position(to));
    test.adopt(to, FilePolicy.DEFAULT).copyFrom(from);
    assertEquals(expected.length, Files.size(test.path("target")), "nothing is left");
  }

  @Test
  void anErrorLeavesBothOffsetsWhereItIs() throws Exception {
    test = TestRuntime.withFaults("eio:offset=5m-6m:count=1");
    int from = from();
    int to = to();
    IOException failure =
        assertThrows(IOException.class, () -> test.adopt(to, FilePolicy.DEFAULT).copyFrom(from));
    assertEquals("Input/output error", failure.getMessage());
    long copied = Linux.position(from) - FROM;
    assertEquals(TO + copied, Linux.position(to));
    assertArrayEquals(
        Arrays.copyOfRange(source, FROM, (int) (FROM + copied)),
        Arrays.copyOfRange(test.content("target"), TO, (int) (TO + copied)));
    test.adopt(to, FilePolicy.DEFAULT).copyFrom(from);
    byte[] target = test.content("target");
    assertArrayEquals(
        Arrays.copyOfRange(source, FROM, BYTES), Arrays.copyOfRange(target, TO, target.length));
  }
}
