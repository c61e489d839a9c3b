package io.dioagent.agent.hook;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IovecsTest {
  private static final int IOVEC_BYTES = 16;

  /** Parts in native memory; the arrays keep it alive. */
  private static final class Parts {
    private final byte[] all;
    private final Memory iovecs;
    private final Memory[] parts;

    private Parts(byte[] all, Memory iovecs, Memory[] parts) {
      this.all = all;
      this.iovecs = iovecs;
      this.parts = parts;
    }

    static Parts of(Random random, int... lengths) {
      byte[] all = new byte[Arrays.stream(lengths).sum()];
      random.nextBytes(all);
      Memory iovecs = new Memory(Math.max(1, lengths.length) * (long) IOVEC_BYTES);
      Memory[] parts = new Memory[lengths.length];
      int start = 0;
      for (int i = 0; i < lengths.length; i++) {
        parts[i] = new Memory(Math.max(1, lengths[i]));
        parts[i].write(0, all, start, lengths[i]);
        iovecs.setPointer(i * (long) IOVEC_BYTES, parts[i]);
        iovecs.setLong(i * (long) IOVEC_BYTES + 8, lengths[i]);
        start += lengths[i];
      }
      return new Parts(all, iovecs, parts);
    }

    Iovecs source() {
      return new Iovecs(Pointer.nativeValue(iovecs), parts.length);
    }
  }

  private static byte[] copy(Iovecs source, int offset, ByteBuffer destination) {
    int start = destination.position();
    int length = destination.remaining();
    source.copyTo(offset, destination);
    assertEquals(0, destination.remaining());
    byte[] copied = new byte[length];
    destination.get(start, copied);
    return copied;
  }

  @Test
  void everyPartOfEverySource() {
    Random random = new Random(1);
    for (int round = 0; round < 300; round++) {
      int[] lengths = random.ints(1 + random.nextInt(6), 0, 9).toArray();
      Parts parts = Parts.of(random, lengths);
      Iovecs source = parts.source();
      assertEquals(parts.all.length, source.lengthBytes());
      for (int from = 0; from <= parts.all.length; from++) {
        for (int to = from; to <= parts.all.length; to++) {
          byte[] expected = Arrays.copyOfRange(parts.all, from, to);
          String where = Arrays.toString(lengths) + " " + from + "-" + to;
          ByteBuffer heap = ByteBuffer.allocate(to - from + 3).position(3);
          assertArrayEquals(expected, copy(source, from, heap), where);
          ByteBuffer direct = ByteBuffer.allocateDirect(to - from + 3).position(3);
          assertArrayEquals(expected, copy(source, from, direct), where);
        }
      }
    }
  }

  @Test
  void heapBuffersWithAnOffset() {
    Parts parts = Parts.of(new Random(2), 10, 10);
    ByteBuffer slice = ByteBuffer.allocate(40).position(7).slice();
    slice.position(2).limit(22);
    assertArrayEquals(parts.all, copy(parts.source(), 0, slice));
  }

  @Test
  void nothingBeyondTheEnd() {
    Parts parts = Parts.of(new Random(3), 4, 4);
    assertThrows(
        IndexOutOfBoundsException.class, () -> parts.source().copyTo(5, ByteBuffer.allocate(4)));
    NativeRange single = new NativeRange(Pointer.nativeValue(parts.parts[0]), 4);
    assertThrows(IndexOutOfBoundsException.class, () -> single.copyTo(-1, ByteBuffer.allocate(1)));
    assertThrows(IndexOutOfBoundsException.class, () -> single.copyTo(1, ByteBuffer.allocate(4)));
  }
}
