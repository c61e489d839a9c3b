package io.dioagent.runtime.engine;

import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.linux.CMemory;
import java.nio.ByteBuffer;

/**
 * Native writes to be submitted: an array of struct iocb (the slots), and a queue of pointers to
 * them, as io_submit(2) takes it; other engines read them. Not thread-safe.
 *
 * <pre>
 * struct iocb {               // include/uapi/linux/aio_abi.h, little endian
 *    0  __u64 aio_data;       // comes back in the event
 *    8  __u32 aio_key;        // the kernel's
 *   12  __kernel_rwf_t aio_rw_flags;
 *   16  __u16 aio_lio_opcode; // IOCB_CMD_PWRITE = 1
 *   18  __s16 aio_reqprio;
 *   20  __u32 aio_fildes;
 *   24  __u64 aio_buf;
 *   32  __u64 aio_nbytes;
 *   40  __s64 aio_offset;
 *   48  __u64 aio_reserved2;
 *   56  __u32 aio_flags;
 *   60  __u32 aio_resfd;
 * };
 * </pre>
 */
public final class Submissions implements AutoCloseable {
  static final int IOCB_BYTES = 64;
  static final int DATA = 0;
  static final int RW_FLAGS = 12;
  static final int OPCODE = 16;
  static final int FD = 20;
  static final int BUFFER = 24;
  static final int LENGTH = 32;
  static final int OFFSET = 40;

  private static final short IOCB_CMD_PWRITE = 1;
  private static final int POINTER_BYTES = 8;

  private final int capacity;
  private final CMemory memory;
  private final ByteBuffer bytes;
  private final RequestInfo[] requests;
  private final int[] queue;
  private int queued;

  public Submissions(int capacity) {
    this.capacity = capacity;
    memory = new CMemory(capacity * (IOCB_BYTES + POINTER_BYTES));
    bytes = memory.bytes();
    requests = new RequestInfo[capacity];
    queue = new int[capacity];
  }

  public int capacity() {
    return capacity;
  }

  /** Clears the queue; the slots keep their contents. */
  public void clearQueue() {
    queued = 0;
  }

  /** Returns how many writes are queued. */
  public int queued() {
    return queued;
  }

  /** Returns the slot at a place in the queue. */
  public int slot(int place) {
    return queue[place];
  }

  /**
   * Describes one write and puts it at the end of the queue.
   *
   * @param slot 0 to capacity - 1; not in the queue
   * @param data returned with the completion
   * @param request the request of this I/O, for engines that choose by it; the kernel does not see
   *     it
   * @param rwFlags RWF_*, as for pwritev2(2)
   */
  public void put(
      int slot,
      long data,
      RequestInfo request,
      int fd,
      long bufferAddress,
      long lengthBytes,
      long offset,
      int rwFlags) {
    int at = slot * IOCB_BYTES;
    bytes.putLong(at + DATA, data);
    bytes.putInt(at + RW_FLAGS, rwFlags);
    bytes.putShort(at + OPCODE, IOCB_CMD_PWRITE);
    bytes.putInt(at + FD, fd);
    bytes.putLong(at + BUFFER, bufferAddress);
    bytes.putLong(at + LENGTH, lengthBytes);
    bytes.putLong(at + OFFSET, offset);
    requests[slot] = request;
    bytes.putLong(capacity * IOCB_BYTES + queued * POINTER_BYTES, iocbAddress(slot));
    queue[queued++] = slot;
  }

  public long data(int slot) {
    return bytes.getLong(slot * IOCB_BYTES + DATA);
  }

  /** Returns the request that the write belongs to. */
  public RequestInfo request(int slot) {
    return requests[slot];
  }

  /** Returns the descriptor that is written. */
  public int fd(int slot) {
    return bytes.getInt(slot * IOCB_BYTES + FD);
  }

  public long bufferAddress(int slot) {
    return bytes.getLong(slot * IOCB_BYTES + BUFFER);
  }

  public long offset(int slot) {
    return bytes.getLong(slot * IOCB_BYTES + OFFSET);
  }

  public long lengthBytes(int slot) {
    return bytes.getLong(slot * IOCB_BYTES + LENGTH);
  }

  /** Shortens a write before it is submitted. */
  public void setLengthBytes(int slot, long lengthBytes) {
    bytes.putLong(slot * IOCB_BYTES + LENGTH, lengthBytes);
  }

  public int rwFlags(int slot) {
    return bytes.getInt(slot * IOCB_BYTES + RW_FLAGS);
  }

  long iocbAddress(int slot) {
    return memory.address() + (long) slot * IOCB_BYTES;
  }

  long pointersAddress(int place) {
    return memory.address() + (long) capacity * IOCB_BYTES + (long) place * POINTER_BYTES;
  }

  @Override
  public void close() {
    memory.close();
  }
}
