package io.dioagent.runtime.aio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RequestInfo;
import io.dioagent.runtime.linux.CMemory;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.testing.CProgram;
import io.dioagent.runtime.testing.Scratch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The native structs of AIO, by the machine's own headers and by use. */
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

  /** Every field that we set, by what the kernel makes of it: data, file, bytes, place, result. */
  @Test
  void theKernelReadsWhatIsWritten() throws Exception {
    Path file = Files.createFile(scratch.file("f"));
    int fd = (int) Linux.open(file.toString(), Linux.O_RDWR | Linux.O_CLOEXEC, 0);
    assertTrue(fd >= 0);
    try (AioContext context = new KernelAio().open(4);
        Submissions submissions = new Submissions(4);
        Completions completions = new Completions(4);
        CMemory memory = new CMemory(64)) {
      byte[] text = "abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
      memory.bytes().put(0, text);
      // Out of order, from one pointer array, with a gap, and one that the kernel must refuse.
      RequestInfo request = new RequestInfo(1, "f", 0, 0);
      submissions.put(3, 0xfedcba9876543210L, request, fd, memory.address(), 3, 10, 0);
      submissions.put(0, 2, request, fd, memory.address() + 3, 4, 0, Linux.RWF_DSYNC);
      submissions.put(2, 3, request, fd, memory.address(), 5, -1, 0);
      submissions.put(1, -1, request, fd, memory.address() + 20, 6, 20, 0);
      assertEquals(4, submissions.queued());
      assertEquals(2, submissions.slot(2));
      assertEquals(-22, refusalOf(context, submissions), "a negative offset is EINVAL");
      assertEquals(1, context.submit(submissions, 3, 1));
      long[] results = new long[3];
      for (int got = 0; got < 3; ) {
        int came = context.reap(completions, 3 - got, 5_000_000_000L);
        assertTrue(came > 0, "no completion: " + came);
        for (int i = 0; i < came; i++) {
          long data = completions.data(i);
          int which = data == 0xfedcba9876543210L ? 0 : data == 2 ? 1 : data == -1 ? 2 : -1;
          assertTrue(which >= 0, "data is " + Long.toHexString(data));
          results[which] += completions.result(i);
        }
        got += came;
      }
      assertEquals(List.of(3L, 4L, 6L), Arrays.stream(results).boxed().toList());
      long before = System.nanoTime();
      assertEquals(0, context.reap(completions, 1, 30_000_000), "a time-out");
      long tookNanos = System.nanoTime() - before;
      assertTrue(tookNanos >= 29_000_000 && tookNanos < 5_000_000_000L, "took " + tookNanos);
      assertEquals(-22, context.cancel(submissions, 0), "not in flight");
    } finally {
      Linux.close(fd);
    }
    byte[] expected = new byte[26];
    System.arraycopy("defg".getBytes(StandardCharsets.US_ASCII), 0, expected, 0, 4);
    System.arraycopy("abc".getBytes(StandardCharsets.US_ASCII), 0, expected, 10, 3);
    System.arraycopy("uvwxyz".getBytes(StandardCharsets.US_ASCII), 0, expected, 20, 6);
    assertEquals(new String(expected, StandardCharsets.US_ASCII), Files.readString(file));
  }

  /** A batch with a bad third one: two are taken, then it is refused. */
  private static int refusalOf(AioContext context, Submissions submissions) {
    assertEquals(2, context.submit(submissions, 0, 4));
    return context.submit(submissions, 2, 2);
  }

  @Test
  void completionsHoldWhatAnEngineSets() {
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
