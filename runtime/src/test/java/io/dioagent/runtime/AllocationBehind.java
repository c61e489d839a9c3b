package io.dioagent.runtime;

import io.dioagent.runtime.api.CallerWrite;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.behind.BehindBounds;
import io.dioagent.runtime.file.PageClaim;
import io.dioagent.runtime.file.PageClaims;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The operations of {@link AllocationRuns} that callers make themselves. */
final class AllocationBehind {
  static final FilePolicy POLICY = FilePolicy.DEFAULT.withWrite(WriteMode.BEHIND);
  private static final int MIB = 1 << 20;
  private static final int STEPS = 16;

  private final DirectRuntime runtime;
  private final Path path;

  /** Null if each operation opens its own. */
  private final DirectFile file;

  /** Of the application, which opened it for each operation. */
  private int fd = -1;

  private final int descriptorsBefore = BehindFile.openDescriptors();

  AllocationBehind(DirectRuntime runtime, Path path, DirectFile file) {
    this.runtime = runtime;
    this.path = path;
    this.file = file;
  }

  /** Writes a step of its own, which is full: so all of it is to be written back at once. */
  void placed(int seed) throws IOException {
    write(file, TestRuntime.bytes(MIB, seed), (long) (seed % STEPS) * MIB);
  }

  void atOwnOffset(int seed) throws IOException {
    int fd = file.context().descriptors().given();
    if (Linux.position(fd) >= (long) STEPS * MIB) {
      Linux.seek(fd, 0);
    }
    write(file, TestRuntime.bytes(MIB, seed), BehindFile.OWN_OFFSET);
  }

  void opened(int seed) throws IOException {
    byte[] bytes = TestRuntime.bytes(10_000, seed);
    if (fd < 0) {
      fd = (int) Linux.open(path.toString(), Linux.O_RDWR | Linux.O_CLOEXEC, 0);
    }
    DirectFile mine = runtime.adopt(fd, POLICY);
    try {
      write(mine, bytes, 50);
    } catch (Throwable e) {
      AllocationChecks.closeAgain(mine);
      throw e;
    }
    AllocationChecks.closeAgain(mine);
    byte[] there = Arrays.copyOfRange(Files.readAllBytes(path), 50, 50 + bytes.length);
    AllocationChecks.check(Arrays.equals(bytes, there), "other bytes than were written");
  }

  private static void write(DirectFile to, byte[] bytes, long position) throws IOException {
    int fd = to.context().descriptors().given();
    boolean[] made = new boolean[1];
    CallerWrite call =
        () -> {
          long written = BehindFile.systemWrite(fd, bytes, position);
          made[0] = true;
          return written;
        };
    try {
      long written = to.tryWriteBehind(position, bytes.length, call);
      if (written == DirectFile.NOT_READY) {
        written = to.writeBehind(position, bytes.length, call);
      }
      AllocationChecks.check(written == bytes.length && made[0], "wrote " + written);
    } catch (OutOfMemoryError e) {
      AllocationChecks.check(!made[0], "failed, and has written");
      throw e;
    }
  }

  /** Whether nothing is held: no bytes of the bound, no claim, no place, no descriptor. */
  boolean isSettled() {
    boolean opens = file == null;
    return runtime.trails().dirtyBytes() == 0 && (opens ? areClosed() : isFree());
  }

  private boolean areClosed() {
    int kept = runtime.keptDescriptors(); // Without the memory to look for a lock.
    return BehindFile.openDescriptors() == descriptorsBefore + kept + (fd < 0 ? 0 : 1);
  }

  void close() {
    if (fd >= 0) {
      Linux.close(fd);
    }
  }

  private boolean isFree() {
    PageClaims claims = file.context().node().claims();
    PageClaim all = PageClaim.direct(0, Long.MAX_VALUE >>> 1);
    boolean free = !claims.hasWaiting() && claims.tryClaim(all);
    claims.release(all);
    return free && BehindBounds.placesAreFree(runtime.trails(), file.context());
  }
}
