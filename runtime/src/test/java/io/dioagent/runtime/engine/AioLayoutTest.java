package io.dioagent.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.linux.CMemory;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.testing.CProgram;
import io.dioagent.runtime.testing.Scratch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The native structs of AIO, checked by the machine's own headers and by use. */
class AioLayoutTest {
  private final Scratch scratch = new Scratch();

  @AfterEach
  void close() {
    scratch.close();
  }

  @Test
  void offsetsAreThoseOfTheHeaders() throws Exception {
    List<String> lines =
        CProgram.output(
            scratch,
            "aio",
            """
            #include <linux/aio_abi.h>
            #include <stddef.h>
            #include <stdio.h>
            #include <sys/uio.h>
            #include <time.h>
            int main(void) {
              printf("%zu\\n", sizeof(struct iocb));
              printf("%zu\\n", offsetof(struct iocb, aio_data));
              printf("%zu\\n", offsetof(struct iocb, aio_rw_flags));
              printf("%zu\\n", offsetof(struct iocb, aio_lio_opcode));
              printf("%zu\\n", offsetof(struct iocb, aio_fildes));
              printf("%zu\\n", offsetof(struct iocb, aio_buf));
              printf("%zu\\n", offsetof(struct iocb, aio_nbytes));
              printf("%zu\\n", offsetof(struct iocb, aio_offset));
              printf("%zu\\n", sizeof(struct io_event));
              printf("%zu\\n", offsetof(struct io_event, data));
              printf("%zu\\n", offsetof(struct io_event, res));
              printf("%d\\n", IOCB_CMD_PWRITE);
              printf("%zu %zu %zu\\n", sizeof(struct iovec), offsetof(struct iovec, iov_base),
                  offsetof(struct iovec, iov_len));
              printf("%zu %zu %zu\\n", sizeof(struct timespec), offsetof(struct timespec, tv_sec),
                  offsetof(struct timespec, tv_nsec));
              return 0;
            }
            """);
    assertEquals(
        Arrays.asList(
            "" + Submissions.IOCB_BYTES,
            "" + Submissions.DATA,
            "" + Submissions.RW_FLAGS,
            "" + Submissions.OPCODE,
            "" + Submissions.FD,
            "" + Submissions.BUFFER,
            "" + Submissions.LENGTH,
            "" + Submissions.OFFSET,
            "" + Completions.EVENT_BYTES,
            "" + Completions.DATA,
            "" + Completions.RESULT,
            "1",
            // As Lane fills them, and Completions.timespecAddress.
            "16 0 8",
            "16 0 8"),
        lines);
  }

  /**
   * Of a batch whose third write the kernel must refuse, two are accepted; EngineTest has the rest.
   */
  @Test
  void aBatchEndsWhereOneIsRefused() throws Exception {
    Path file = Files.createFile(scratch.file("f"));
    int fd = (int) Linux.open(file.toString(), Linux.O_RDWR | Linux.O_CLOEXEC, 0);
    assertTrue(fd >= 0);
    try (AioContext context = new KernelAio().open(4);
        Submissions submissions = new Submissions(4);
        CMemory memory = new CMemory(64)) {
      RequestInfo request = new RequestInfo(1, "f", 0, 0);
      for (int slot = 0; slot < 4; slot++) {
        long offset = slot == 2 ? -1 : slot;
        submissions.put(slot, slot, request, fd, memory.address(), 1, offset, 0);
      }
      assertEquals(2, context.submit(submissions, 0, 4));
      assertEquals(-Errno.EINVAL, context.submit(submissions, 2, 2), "a negative offset");
      assertEquals(1, context.submit(submissions, 3, 1));
    } finally {
      Linux.close(fd);
    }
    assertEquals(4, Files.size(file), "closing a context waits");
  }

  @Test
  void completionsHoldTheEnginesValues() {
    try (Completions completions = new Completions(3)) {
      completions.set(0, 1, -5);
      completions.set(2, Long.MIN_VALUE, Long.MAX_VALUE);
      assertEquals(1, completions.data(0));
      assertEquals(-5, completions.result(0));
      assertEquals(0, completions.data(1));
      assertEquals(Long.MIN_VALUE, completions.data(2));
      assertEquals(Long.MAX_VALUE, completions.result(2));
    }
  }
}
