package io.dioagent.runtime.aio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.dioagent.runtime.linux.CMemory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The ring as memory; that the kernel's own is read so, is in {@link EngineTest}. */
class AioRingTest {
  private static final int COUNT = 4;

  private final CMemory memory =
      new CMemory(AioRing.HEADER_BYTES + COUNT * Completions.EVENT_BYTES);
  private final ByteBuffer bytes = memory.bytes();
  private final Completions batch = new Completions(3);

  @BeforeEach
  void makeEmptyRing() {
    bytes.putInt(AioRing.NR, COUNT);
    bytes.putInt(AioRing.MAGIC, AioRing.MAGIC_NUMBER);
    bytes.putInt(AioRing.HEADER_LENGTH, AioRing.HEADER_BYTES);
  }

  @AfterEach
  void close() {
    batch.close();
    memory.close();
  }

  private void complete(long data, long result) {
    int tail = bytes.getInt(AioRing.TAIL);
    int at = AioRing.HEADER_BYTES + tail * Completions.EVENT_BYTES;
    bytes.putLong(at + Completions.DATA, data);
    bytes.putLong(at + Completions.RESULT, result);
    bytes.putInt(AioRing.TAIL, (tail + 1) % COUNT);
  }

  private void expect(int index, long data, long result) {
    assertEquals(data, batch.data(index));
    assertEquals(result, batch.result(index));
  }

  @Test
  void readsRoundTheEndOfTheRing() {
    AioRing ring = AioRing.at(memory.address());
    assertNotNull(ring);
    assertEquals(0, ring.read(batch));
    for (long round = 0; round < 5; round++) {
      for (int i = 0; i < 3; i++) {
        complete(100 * round + i, -i);
      }
      assertEquals(3, ring.read(batch));
      for (int i = 0; i < 3; i++) {
        expect(i, 100 * round + i, -i);
      }
      assertEquals(0, ring.read(batch), "each once");
      assertEquals(bytes.getInt(AioRing.TAIL), bytes.getInt(AioRing.HEAD));
    }
  }

  @Test
  void leavesWhatTheBatchHasNoRoomFor() {
    try (Completions one = new Completions(1)) {
      AioRing ring = AioRing.at(memory.address());
      complete(1, 10);
      complete(2, 20);
      assertEquals(1, ring.read(one));
      assertEquals(1, one.data(0));
      assertEquals(1, ring.read(one));
      assertEquals(2, one.data(0));
      assertEquals(0, ring.read(one));
    }
  }

  @Test
  void anotherKindOfRingIsTheKernelsToRead() {
    bytes.putInt(AioRing.MAGIC, 1);
    assertNull(AioRing.at(memory.address()));
    bytes.putInt(AioRing.MAGIC, AioRing.MAGIC_NUMBER);
    bytes.putInt(AioRing.INCOMPAT_FEATURES, 1);
    assertNull(AioRing.at(memory.address()));
    bytes.putInt(AioRing.INCOMPAT_FEATURES, 0);
    bytes.putInt(AioRing.HEADER_LENGTH, 64);
    assertNull(AioRing.at(memory.address()));
  }
}
