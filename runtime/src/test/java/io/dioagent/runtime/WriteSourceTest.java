package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.testing.CProgram;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes whose source cannot be read. */
@Tag("engine")
class WriteSourceTest {
  private static final int MIB = 1 << 20;

  private TestRuntime test = new TestRuntime();

  @AfterEach
  void close() {
    test.close();
  }

  private void skipUnlessDirect(DirectFile file) {
    CProgram.skipUnless(file.isDirect(), "no direct I/O here: " + file.reason());
    CProgram.skipUnless(
        test.runtime.whyNotDirect() == null, "no AIO here: " + test.runtime.whyNotDirect());
  }

  /** Fails as a mapping whose file was truncated does. */
  private static WriteSource failing(long lengthBytes, long fromOffset, Throwable failure) {
    return new WriteSource() {
      @Override
      public long lengthBytes() {
        return lengthBytes;
      }

      @Override
      public void copyTo(long offset, ByteBuffer destination) {
        if (offset + destination.remaining() > fromOffset) {
          if (failure instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) failure;
        }
        while (destination.hasRemaining()) {
          destination.put((byte) 7);
        }
      }
    };
  }

  @Test
  void aSourceThatCannotBeReadAtAllWritesNothing() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    InternalError failure = new InternalError("as this test wants it");
    for (long position : new long[] {0, 1}) {
      assertEquals(
          failure,
          assertThrows(
              InternalError.class, () -> file.write(failing(300_000, 0, failure), position)));
    }
    assertArrayEquals(new byte[MIB], test.content("f"));
    test.awaitSettled();
    assertEquals(4096, TestRuntime.write(file, new byte[4096], 0));
  }

  @Test
  void aSourceThatEndsEarlyWritesItsBytes() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    skipUnlessDirect(file);
    long written = file.write(failing(MIB, 600_000, new InternalError("as wanted")), 0);
    assertEquals(524_288, written, "two pieces of 256 KiB");
    byte[] content = test.content("f");
    for (int i = 0; i < MIB; i++) {
      assertEquals(i < written ? 7 : 0, content[i], "byte " + i);
    }
  }

  /** If nothing has been submitted, it is thrown unchanged. */
  @Test
  void aDefectOfTheSourceEndsTheWrite() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    RuntimeException defect = new IllegalStateException("as wanted");
    assertSame(
        defect,
        assertThrows(RuntimeException.class, () -> file.write(failing(4096, 0, defect), 0)));
    test.awaitSettled();
  }

  /**
   * If some of it has been submitted, it is an error, but none of a device. io_uring submits
   * nothing before all of it is copied.
   */
  @Test
  void aDefectAmidAWriteIsNoErrorOfTheDevice() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    RuntimeException defect = new IllegalStateException("as wanted");
    Exception e = assertThrows(Exception.class, () -> file.write(failing(MIB, 600_000, defect), 0));
    if ("io_uring".equals(System.getProperty("dio.test.engine"))) {
      assertSame(defect, e);
    } else {
      assertSame(IOException.class, e.getClass());
      assertTrue(e.getMessage().startsWith("a defect of dio-agent"), e.getMessage());
      assertSame(defect, e.getCause());
    }
    test.awaitSettled();
  }

  /** Such as a stack overflow while the bytes are copied. */
  @Test
  void anErrorOfTheSourceLeavesNothingBehind() throws Exception {
    DirectFile file = test.openWritten("f", MIB, FilePolicy.DEFAULT);
    StackOverflowError failure = new StackOverflowError("as this test wants it");
    for (long position : new long[] {0, 100}) {
      for (long from : new long[] {0, 300_000}) {
        assertThrows(Throwable.class, () -> file.write(failing(500_000, from, failure), position));
        test.awaitSettled();
      }
    }
    assertEquals(4096, TestRuntime.write(file, new byte[4096], 0));
    assertEquals(0, test.statistics().lost());
  }
}
