package io.dioagent.runtime.aio;

import io.dioagent.runtime.linux.Linux;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The completions of an AIO context, read without a system call: the kernel maps them at the
 * context's address, and puts them there whether anybody waits or not.
 *
 * <pre>
 * struct aio_ring {              // fs/aio.c; what libaio and fio read, too
 *    0  unsigned id;
 *    4  unsigned nr;             // number of io_events
 *    8  unsigned head;           // written by who reads events: the kernel in io_getevents, or we
 *   12  unsigned tail;           // written by the kernel, behind the events
 *   16  unsigned magic;          // 0xa10a10a1
 *   20  unsigned compat_features;
 *   24  unsigned incompat_features;
 *   28  unsigned header_length;  // 32
 *   32  struct io_event io_events[];
 * };
 * </pre>
 *
 * <p>By the reaping thread, of which there is one at a time; it is the one in io_getevents, too.
 */
final class AioRing {
  static final int NR = 4;
  static final int HEAD = 8;
  static final int TAIL = 12;
  static final int MAGIC = 16;
  static final int INCOMPAT_FEATURES = 24;
  static final int HEADER_LENGTH = 28;
  static final int HEADER_BYTES = 32;
  static final int MAGIC_NUMBER = 0xa10a10a1;

  private static final VarHandle INDEX =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final ByteBuffer ring;
  private final int count;

  private AioRing(ByteBuffer ring, int count) {
    this.ring = ring;
    this.count = count;
  }

  /**
   * The ring at an address.
   *
   * @return null if it is of a kind that only io_getevents can read
   */
  static AioRing at(long address) {
    ByteBuffer header = Linux.view(address, HEADER_BYTES);
    int count = header.getInt(NR);
    boolean known =
        header.getInt(MAGIC) == MAGIC_NUMBER
            && header.getInt(INCOMPAT_FEATURES) == 0
            && header.getInt(HEADER_LENGTH) == HEADER_BYTES
            && count > 0;
    long bytes = HEADER_BYTES + (long) count * Completions.EVENT_BYTES;
    return known ? new AioRing(Linux.view(address, bytes), count) : null;
  }

  /** Takes what is there; does not wait. */
  int read(Completions batch) {
    int head = ring.getInt(HEAD);
    int tail = (int) INDEX.getAcquire(ring, TAIL);
    int there = tail - head + (tail < head ? count : 0);
    int taken = Math.min(there, batch.capacity());
    for (int i = 0; i < taken; i++) {
      int at = HEADER_BYTES + (head + i) % count * Completions.EVENT_BYTES;
      batch.set(i, ring.getLong(at + Completions.DATA), ring.getLong(at + Completions.RESULT));
    }
    if (taken > 0) {
      INDEX.setRelease(ring, HEAD, (head + taken) % count);
    }
    return taken;
  }
}
