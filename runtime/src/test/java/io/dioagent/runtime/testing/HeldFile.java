package io.dioagent.runtime.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file that another process is for ever about to write to. The file system (ext4, xfs) has it
 * locked for that write, and direct reads and writes of it hang in the kernel until the write is
 * given up. The write's source is memory whose page fault stays unanswered (userfaultfd(2)).
 */
public final class HeldFile implements AutoCloseable {
  private final Forked process;

  private HeldFile(Forked process) {
    this.process = process;
  }

  /** Holds a file; skips the test, and prints why, if that is not possible. */
  public static HeldFile hold(Scratch scratch, Path file) throws Exception {
    Path program = CProgram.compile(scratch, "hold", PROGRAM);
    Forked process = Forked.command(List.of(program.toString(), file.toString()));
    try {
      String line = process.awaitLine("");
      CProgram.skipUnless(line.equals("held"), "userfaultfd(2): " + line);
      return new HeldFile(process);
    } catch (IOException | RuntimeException | Error e) {
      process.close();
      throw e;
    }
  }

  /** Gives the write up: nothing is written. */
  public void letGo() {
    process.close();
  }

  @Override
  public void close() {
    letGo();
  }

  private static final String PROGRAM =
      """
      #define _GNU_SOURCE
      #include <errno.h>
      #include <fcntl.h>
      #include <linux/userfaultfd.h>
      #include <poll.h>
      #include <pthread.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      #include <sys/ioctl.h>
      #include <sys/mman.h>
      #include <sys/syscall.h>
      #include <unistd.h>

      static int faults;

      static void fail(const char *what) {
        printf("%s: %s\\n", what, strerror(errno));
        exit(0);
      }

      static void *wait_for_fault(void *none) {
        struct pollfd ready = {.fd = faults, .events = POLLIN};
        struct uffd_msg message;
        while (poll(&ready, 1, -1) != 1 || read(faults, &message, sizeof message) < 0) {}
        printf("held\\n");
        fflush(stdout);
        return none;
      }

      int main(int count, char **arguments) {
        int file = open(arguments[count - 1], O_WRONLY);
        if (file < 0) fail("open");
        faults = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
        if (faults < 0) fail("userfaultfd");
        struct uffdio_api api = {.api = UFFD_API};
        if (ioctl(faults, UFFDIO_API, &api)) fail("UFFDIO_API");
        char *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        struct uffdio_register range = {
            .range = {(unsigned long) page, 4096}, .mode = UFFDIO_REGISTER_MODE_MISSING};
        if (ioctl(faults, UFFDIO_REGISTER, &range)) fail("UFFDIO_REGISTER");
        pthread_t thread;
        if (pthread_create(&thread, 0, wait_for_fault, 0)) fail("pthread_create");
        ssize_t written = pwrite(file, page, 4096, 0);
        printf("written %zd\\n", written);
        return 1;
      }
      """;
}
