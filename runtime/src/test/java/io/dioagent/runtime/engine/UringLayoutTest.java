package io.dioagent.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dioagent.runtime.testing.CProgram;
import io.dioagent.runtime.testing.Scratch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The structs of io_uring, checked by the machine's own header; EngineTest shows them in use. */
class UringLayoutTest {
  /** Returns C expressions with their values in the runtime. */
  private static Map<String, Long> expected() {
    Map<String, Long> all = new LinkedHashMap<>();
    all.put("sizeof(struct io_uring_params)", (long) UringLayout.PARAMETERS_BYTES);
    all.put("offsetof(struct io_uring_params, sq_entries)", (long) UringLayout.SQ_ENTRIES);
    all.put("offsetof(struct io_uring_params, cq_entries)", (long) UringLayout.CQ_ENTRIES);
    all.put("offsetof(struct io_uring_params, features)", (long) UringLayout.FEATURES);
    all.put("offsetof(struct io_uring_params, sq_off)", (long) UringLayout.SQ_OFFSETS);
    all.put("offsetof(struct io_uring_params, cq_off)", (long) UringLayout.CQ_OFFSETS);
    all.put("offsetof(struct io_sqring_offsets, head)", (long) UringLayout.HEAD);
    all.put("offsetof(struct io_sqring_offsets, tail)", (long) UringLayout.TAIL);
    all.put("offsetof(struct io_sqring_offsets, array)", (long) UringLayout.ARRAY);
    all.put("offsetof(struct io_cqring_offsets, head)", (long) UringLayout.HEAD);
    all.put("offsetof(struct io_cqring_offsets, tail)", (long) UringLayout.TAIL);
    all.put("offsetof(struct io_cqring_offsets, cqes)", (long) UringLayout.COMPLETIONS);
    all.put("sizeof(struct io_uring_sqe)", (long) UringLayout.ENTRY_BYTES);
    all.put("offsetof(struct io_uring_sqe, opcode)", (long) UringLayout.OPCODE);
    all.put("offsetof(struct io_uring_sqe, fd)", (long) UringLayout.FD);
    all.put("offsetof(struct io_uring_sqe, off)", (long) UringLayout.OFFSET);
    all.put("offsetof(struct io_uring_sqe, addr)", (long) UringLayout.BUFFER);
    all.put("offsetof(struct io_uring_sqe, len)", (long) UringLayout.LENGTH);
    all.put("offsetof(struct io_uring_sqe, rw_flags)", (long) UringLayout.RW_FLAGS);
    all.put("offsetof(struct io_uring_sqe, user_data)", (long) UringLayout.DATA);
    all.put("IORING_OP_WRITE", (long) UringLayout.OP_WRITE);
    all.put("sizeof(struct io_uring_cqe)", (long) UringLayout.COMPLETION_BYTES);
    all.put("offsetof(struct io_uring_cqe, user_data)", (long) UringLayout.COMPLETION_DATA);
    all.put("offsetof(struct io_uring_cqe, res)", (long) UringLayout.COMPLETION_RESULT);
    all.put("sizeof(struct io_uring_getevents_arg)", (long) UringLayout.ARGUMENT_BYTES);
    all.put("offsetof(struct io_uring_getevents_arg, ts)", (long) UringLayout.ARGUMENT_TIMESPEC);
    all.put("sizeof(struct __kernel_timespec)", (long) UringLayout.TIMESPEC_BYTES);
    all.put("offsetof(struct __kernel_timespec, tv_sec)", (long) UringLayout.TIMESPEC_SECONDS);
    all.put("offsetof(struct __kernel_timespec, tv_nsec)", (long) UringLayout.TIMESPEC_NANOS);
    all.put("IORING_ENTER_GETEVENTS", (long) UringLayout.ENTER_GETEVENTS);
    all.put("IORING_ENTER_EXT_ARG", (long) UringLayout.ENTER_EXT_ARG);
    all.put("IORING_FEAT_SINGLE_MMAP", (long) UringLayout.FEATURE_SINGLE_MMAP);
    all.put("IORING_FEAT_EXT_ARG", (long) UringLayout.FEATURE_EXT_ARG);
    all.put("IORING_OFF_SQ_RING", UringLayout.OFFSET_OF_RINGS);
    all.put("IORING_OFF_SQES", UringLayout.OFFSET_OF_ENTRIES);
    all.put("ETIME", (long) UringContext.ETIME);
    all.put("EBUSY", (long) UringContext.EBUSY);
    return all;
  }

  @Test
  void offsetsAreThoseOfTheHeader() throws Exception {
    StringBuilder prints = new StringBuilder();
    List<String> lines = new ArrayList<>();
    for (Map.Entry<String, Long> one : expected().entrySet()) {
      String expression = one.getKey();
      prints.append(
          "  printf(\"" + expression + " %lld\\n\", (long long) (" + expression + "));\n");
      lines.add(expression + " " + one.getValue());
    }
    String program =
        "#include <errno.h>\n#include <linux/io_uring.h>\n#include <linux/time_types.h>\n"
            + "#include <stddef.h>\n#include <stdio.h>\nint main(void) {\n"
            + prints
            + "  return 0;\n}\n";
    try (Scratch scratch = new Scratch()) {
      assertEquals(lines, CProgram.output(scratch, "uring", program));
    }
  }
}
