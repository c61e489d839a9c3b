package io.dioagent.runtime.behind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.engine.ChosenEngine;
import io.dioagent.runtime.engine.EngineKind;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.file.OpenFiles;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.testing.Scratch;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each row of the table of {@link OwnOffset}. The file is sparse; nothing is written. */
class OwnOffsetTest {
  private static final long MIB = Step.BYTES;
  private static final long MANY_BYTES = 100_000;
  private static final FilePolicy BEHIND = FilePolicy.DEFAULT.withWrite(WriteMode.BEHIND);

  private final Scratch scratch = new Scratch();
  private final RuntimeContext runtime =
      new RuntimeContext(
          RuntimeOptions.DEFAULT, EventSink.none(), new ChosenEngine(EngineKind.PWRITE));
  private final OpenFiles files = new OpenFiles(runtime);
  private final Trails trails = new Trails(runtime);
  private int fd;
  private FileContext file;
  private Trail trail;
  private OwnOffset own;

  private void open(int flags) throws IOException {
    String path = scratch.file("f").toString();
    fd = (int) Linux.open(path, Linux.O_RDWR | Linux.O_CREAT | Linux.O_CLOEXEC | flags, 0600);
    file = FileContext.around(files, fd, false, () -> BEHIND);
    trail = trails.enter(file);
    own = new OwnOffset(file);
  }

  @AfterEach
  void close() {
    if (trail != null) {
      own.finish(trail);
      trail.leave();
    }
    file.close(true);
    Linux.close(fd);
    runtime.close();
    scratch.close();
  }

  /** Moves the offset as a write of the caller does. */
  private void write(long from, long lengthBytes) {
    assertEquals(from, own.begin(trail, lengthBytes));
    assertTrue(Linux.seek(fd, from + lengthBytes) >= 0);
    own.wrote(trail, from, lengthBytes);
  }

  private void assertDirty(long bytes) {
    assertEquals(bytes, trails.dirtyBytes());
  }

  @Test
  void isAskedForFirst() throws Exception {
    open(0);
    Linux.seek(fd, 5000);
    assertEquals(-1, own.begin(trail, 10));
    assertEquals(5000, own.prepare(trail, 10));
    write(5000, 10);
    write(5010, 10);
    assertDirty(0);
    own.finish(trail);
    assertDirty(20);
  }

  @Test
  void isFollowedUpToTheEndOfWhatIsPrepared() throws Exception {
    open(0);
    assertEquals(0, own.prepare(trail, MANY_BYTES));
    long at = 0;
    for (; at + MANY_BYTES <= MIB; at += MANY_BYTES) {
      write(at, MANY_BYTES);
      assertDirty(at + MANY_BYTES);
    }
    assertEquals(-1, own.begin(trail, MANY_BYTES), "beyond the step");
    assertEquals(at, own.prepare(trail, MANY_BYTES));
    write(at, MANY_BYTES);
    write(at + MANY_BYTES, MANY_BYTES);
  }

  @Test
  void isAskedForAfterTheApplicationHasMovedIt() throws Exception {
    open(0);
    own.prepare(trail, 10);
    write(0, 10);
    Linux.seek(fd, 7 * MIB);
    assertEquals(10, own.begin(trail, 10), "not found out yet");
    own.wrote(trail, 10, 10);
    Linux.seek(fd, 7 * MIB + 10);
    assertEquals(7 * MIB + 10, own.prepare(trail, MIB));
    assertDirty(20);
    Linux.seek(fd, 7 * MIB);
    write(7 * MIB, 100);
    assertDirty(120);
    Linux.seek(fd, 20 * MIB);
    assertEquals(-1, own.begin(trail, 100), "not prepared");
    assertEquals(20 * MIB, own.prepare(trail, 100));
    write(20 * MIB, 100);
    Linux.seek(fd, 7 * MIB + 500);
    write(7 * MIB + 500, 100);
    assertDirty(320);
    own.finish(trail);
    assertDirty(320);
  }

  @Test
  void withAppendAllIsAddedThatOthersAppended() throws Exception {
    open(Linux.O_APPEND);
    Linux.ftruncate(fd, 1000);
    assertEquals(1000, own.prepare(trail, 10));
    write(1000, 10);
    Linux.ftruncate(fd, 5010); // By two files.
    assertEquals(1010, own.begin(trail, 10), "followed all the same");
    own.wrote(trail, 1010, 10);
    assertDirty(0);
    assertEquals(5010, own.prepare(trail, 10));
    assertDirty(4010);
    assertEquals(5010, own.begin(trail, 10));
    own.wrote(trail, 5010, 10);
    Linux.ftruncate(fd, 6000);
    own.finish(trail);
    assertDirty(5000);
  }

  @Test
  void anOffsetThatTheKernelDoesNotSay() throws Exception {
    open(0);
    Linux.seek(fd, 3 * MIB);
    Linux.close(fd);
    fd = -1;
    assertEquals(-1, own.prepare(trail, 10));
    own.wrote(trail, -1, 10);
    assertDirty(0);
    assertEquals(-1, own.begin(trail, 10));
    own.finish(trail);
    assertDirty(0);
  }

  @Test
  void nothingIsAddedAfterTheTrailIsClosed() throws Exception {
    open(0);
    own.prepare(trail, 10);
    Trail left = trail;
    left.leave();
    trail = null;
    long end = System.nanoTime() + 60_000_000_000L;
    while (trails.count() > 0 && System.nanoTime() - end < 0) {
      Thread.sleep(1);
    }
    assertEquals(0, trails.count());
    left.add(0, MIB);
    assertEquals(0, left.standingError(fd));
    assertEquals(Long.MAX_VALUE, left.prepare(0, 10));
    assertTrue(left.isPrepared(0, 10));
    assertDirty(0);
  }
}
