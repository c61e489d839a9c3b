package io.dioagent.runtime.engine;

import java.nio.ByteBuffer;

/**
 * The structs that io_uring shares with the kernel, from include/uapi/linux/io_uring.h, little
 * endian.
 *
 * <pre>
 * struct io_uring_params {
 *    0  __u32 sq_entries;     // submissions that the ring has room for: the kernel's answer
 *    4  __u32 cq_entries;     // completions: twice as many, unless asked otherwise
 *    8  __u32 flags, sq_thread_cpu, sq_thread_idle;
 *   20  __u32 features;       // IORING_FEAT_*
 *   24  __u32 wq_fd, resv[3];
 *   40  struct io_sqring_offsets sq_off;
 *   80  struct io_cqring_offsets cq_off;
 * };
 * struct io_sqring_offsets {  // where in the mapped rings each of these __u32 lies
 *    0  __u32 head;           // the kernel's: next submission that it takes
 *    4  __u32 tail;           // the runtime's: behind the last submission
 *    8  __u32 ring_mask, ring_entries, flags, dropped;
 *   24  __u32 array;          // __u32 [sq_entries]: indices of io_uring_sqe
 *   28  __u32 resv1;
 *   32  __u64 user_addr;
 * };
 * struct io_cqring_offsets {
 *    0  __u32 head;           // the runtime's: next completion that it takes
 *    4  __u32 tail;           // the kernel's: behind the last completion
 *    8  __u32 ring_mask, ring_entries, overflow;
 *   20  __u32 cqes;           // struct io_uring_cqe [cq_entries]
 *   24  __u32 flags, resv1;
 *   32  __u64 user_addr;
 * };
 * struct io_uring_sqe {
 *    0  __u8  opcode;         // IORING_OP_WRITE = 23
 *    1  __u8  flags;
 *    2  __u16 ioprio;
 *    4  __s32 fd;
 *    8  __u64 off;
 *   16  __u64 addr;
 *   24  __u32 len;
 *   28  __kernel_rwf_t rw_flags;
 *   32  __u64 user_data;      // comes back in the completion
 *   40  ...                   // 64 bytes in all; the rest stays zero
 * };
 * struct io_uring_cqe {
 *    0  __u64 user_data;
 *    8  __s32 res;            // bytes, or a negative errno
 *   12  __u32 flags;
 * };
 * struct io_uring_getevents_arg {
 *    0  __u64 sigmask;
 *    8  __u32 sigmask_sz, pad;
 *   16  __u64 ts;             // the address of a struct __kernel_timespec
 * };
 * struct __kernel_timespec {
 *    0  __s64 tv_sec;
 *    8  long long tv_nsec;
 * };
 * </pre>
 */
final class UringLayout {
  static final int PARAMETERS_BYTES = 120;
  static final int SQ_ENTRIES = 0;
  static final int CQ_ENTRIES = 4;
  static final int FEATURES = 20;
  static final int SQ_OFFSETS = 40;
  static final int CQ_OFFSETS = 80;

  /** The same in io_sqring_offsets and io_cqring_offsets. */
  static final int HEAD = 0;

  static final int TAIL = 4;
  static final int ARRAY = 24;
  static final int COMPLETIONS = 20;

  static final int ENTRY_BYTES = 64;
  static final int OPCODE = 0;
  static final int FD = 4;
  static final int OFFSET = 8;
  static final int BUFFER = 16;
  static final int LENGTH = 24;
  static final int RW_FLAGS = 28;
  static final int DATA = 32;
  static final byte OP_WRITE = 23;

  static final int COMPLETION_BYTES = 16;
  static final int COMPLETION_DATA = 0;
  static final int COMPLETION_RESULT = 8;

  static final int ARGUMENT_BYTES = 24;
  static final int ARGUMENT_TIMESPEC = 16;
  static final int TIMESPEC_BYTES = 16;
  static final int TIMESPEC_SECONDS = 0;
  static final int TIMESPEC_NANOS = 8;

  static final int ENTER_GETEVENTS = 1;
  static final int ENTER_EXT_ARG = 8;

  static final int FEATURE_SINGLE_MMAP = 1;
  static final int FEATURE_EXT_ARG = 1 << 8;
  static final int FEATURES_NEEDED = FEATURE_SINGLE_MMAP | FEATURE_EXT_ARG;

  static final long OFFSET_OF_RINGS = 0;
  static final long OFFSET_OF_ENTRIES = 0x10000000L;

  private UringLayout() {}

  /** Returns the length of the single mapping that holds both rings. */
  static long ringsBytes(ByteBuffer parameters) {
    long submissions =
        parameters.getInt(SQ_OFFSETS + ARRAY)
            + (long) parameters.getInt(SQ_ENTRIES) * Integer.BYTES;
    long completions =
        parameters.getInt(CQ_OFFSETS + COMPLETIONS)
            + (long) parameters.getInt(CQ_ENTRIES) * COMPLETION_BYTES;
    return Math.max(submissions, completions);
  }

  /** Returns the length of the mapping that holds the io_uring_sqe. */
  static long entriesBytes(ByteBuffer parameters) {
    return (long) parameters.getInt(SQ_ENTRIES) * ENTRY_BYTES;
  }
}
