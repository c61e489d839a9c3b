package io.dioagent.runtime.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WritePlanTest {

  @Test
  void anAlignedWriteIsAllDirect() {
    assertEquals(
        List.of(
            new WritePlan.Part(8192, 16384, 0, 0, null),
            new WritePlan.Part(24576, 16384, 1, 0, null),
            new WritePlan.Part(40960, 4096, 2, 0, null)),
        WritePlan.cut(8192, 36864, 4096, 16384, null));
  }

  @Test
  void headMiddleTail() {
    String align = "an offset aligned to 4096";
    assertEquals(
        List.of(
            new WritePlan.Part(4095, 1, 0, 4095, "head before " + align),
            new WritePlan.Part(4096, 4096, 0, 4096, null),
            new WritePlan.Part(8192, 8192, 1, 0, null),
            new WritePlan.Part(16384, 1, 2, 0, "tail after " + align)),
        WritePlan.cut(4095, 12290, 4096, 8192, null));
  }

  @Test
  void withoutAnAlignedBlockItIsOnePart() {
    String small = "smaller than an aligned block of 4096";
    assertEquals(
        List.of(new WritePlan.Part(1, 4095, 0, 1, small)),
        WritePlan.cut(1, 4095, 4096, 65536, null));
    assertEquals(
        List.of(new WritePlan.Part(4000, 4192, 0, 4000, "smaller than an aligned block of 8192")),
        WritePlan.cut(4000, 4192, 8192, 65536, null));
    assertEquals(
        List.of(
            new WritePlan.Part(4000, 96, 0, 4000, small),
            new WritePlan.Part(4096, 4000, 1, 0, small)),
        WritePlan.cut(4000, 4096, 4096, 4096, null),
        "but never more than a buffer holds");
  }

  @Test
  void bufferedWritesAreCutByBuffersOnly() {
    assertEquals(
        List.of(
            new WritePlan.Part(100, 8092, 0, 100, "why"),
            new WritePlan.Part(8192, 1908, 1, 0, "why")),
        WritePlan.cut(100, 10_000, 4096, 8192, "why"));
  }

  /** Holds for any write. */
  @Test
  void properties() {
    Random random = new Random(7);
    for (int round = 0; round < 200_000; round++) {
      int align = 4096 << random.nextInt(3);
      int piece = align << random.nextInt(5);
      long offset = edge(random, align, piece) + (random.nextInt(20) == 0 ? 1L << 40 : 0);
      long length = 1 + edge(random, align, piece);
      if (random.nextInt(20) == 0) {
        offset = Long.MAX_VALUE - length - align - random.nextInt(2 * align);
      }
      String why = random.nextInt(10) == 0 ? "why" : null;
      String what =
          "write of " + length + " at " + offset + ", align " + align + ", piece " + piece;
      check(what, offset, length, align, piece, why);
    }
  }

  /** Returns any number, but often one near a boundary. */
  private static long edge(Random random, int align, int piece) {
    long base =
        switch (random.nextInt(4)) {
          case 0 -> (long) align * random.nextInt(8);
          case 1 -> (long) piece * random.nextInt(5);
          default -> random.nextInt(5 * piece);
        };
    return Math.max(0, base + random.nextInt(3) - 1);
  }

  private static void check(
      String what, long offset, long length, int align, int piece, String why) {
    List<WritePlan.Part> parts = WritePlan.cut(offset, length, align, piece, why);
    int buffers = WritePlan.buffers(offset, length, align, piece);
    long at = offset;
    int heads = 0;
    int tails = 0;
    WritePlan.Part before = null;
    for (WritePlan.Part part : parts) {
      assertEquals(at, part.offset(), what);
      assertTrue(part.lengthBytes() > 0, what);
      assertTrue(part.buffer() >= 0 && part.buffer() < buffers, what);
      assertTrue(part.bufferOffset() + part.lengthBytes() <= piece, what);
      // A buffer begins at an aligned offset, so that memory is aligned as the file is.
      assertEquals(part.offset() % align, part.bufferOffset() % align, what);
      if (before != null && before.buffer() == part.buffer()) {
        assertEquals(before.bufferOffset() + before.lengthBytes(), part.bufferOffset(), what);
      } else if (before != null) {
        assertEquals(before.buffer() + 1, part.buffer(), what);
        assertEquals(0, part.bufferOffset(), what);
      }
      if (part.whyBuffered() == null) {
        assertNull(why, what);
        assertEquals(0, part.offset() % align, what);
        assertEquals(0, part.lengthBytes() % align, what);
      } else if (part.whyBuffered().startsWith("head")) {
        heads++;
        assertNull(before, what);
        assertTrue(part.lengthBytes() < align, what);
      } else if (part.whyBuffered().startsWith("tail")) {
        tails++;
        assertTrue(part.lengthBytes() < align, what);
        assertEquals(offset + length, part.offset() + part.lengthBytes(), what);
      } else if (why == null) {
        assertTrue(length < 2L * align, what + ": there is an aligned block in it");
      }
      at += part.lengthBytes();
      before = part;
    }
    assertNotNull(before, what);
    assertEquals(offset + length, at, what);
    assertEquals(buffers, before.buffer() + 1, what + ": each buffer is used");
    assertTrue(heads <= 1 && tails <= 1, what);
    long direct =
        parts.stream()
            .filter(part -> part.whyBuffered() == null)
            .mapToLong(WritePlan.Part::lengthBytes)
            .sum();
    long first = (offset + align - 1) / align * align;
    long last = (offset + length) / align * align;
    assertEquals(why == null ? Math.max(0, last - first) : 0, direct, what + ": all that may go");
  }
}
