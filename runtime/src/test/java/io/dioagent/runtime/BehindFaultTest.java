package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.RecordingEventSink.Failed;
import io.dioagent.runtime.RecordingEventSink.Late;
import io.dioagent.runtime.RecordingEventSink.Lost;
import io.dioagent.runtime.api.DirectIoException;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.behind.BehindBounds;
import io.dioagent.runtime.file.PosixLocks;
import io.dioagent.runtime.linux.Linux;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Callers' own writes, and write-backs behind them, that hang or fail. */
@Tag("engine")
@Tag("host")
class BehindFaultTest {
  private static final int MIB = 1 << 20;
  private static final String NAME = "f";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long DEADLINE_MILLIS = 300;
  private static final FilePolicy SHORT =
      BehindFile.POLICY.withDeadline(Duration.ofMillis(DEADLINE_MILLIS));

  private final HeldPages pages = new HeldPages(TestRuntime.engine());
  private final TestRuntime test = new TestRuntime(RuntimeOptions.DEFAULT, engine -> pages);
  private int descriptorsBefore;

  @BeforeEach
  void loadClasses() throws Exception { // A class may open the file that it comes from.
    BehindFile file = BehindFile.open(test, "first");
    file.write(new byte[MIB], 0);
    file.file.close();
    BehindFile.awaitUncached(test, "first");
    BehindFile.await(() -> BehindBounds.areClosed(test.runtime.trails()), () -> "a trail is open");
    descriptorsBefore = BehindFile.openDescriptors();
  }

  @AfterEach
  void close() {
    pages.letGo();
    test.close();
  }

  private BehindFile open(FilePolicy policy) throws IOException {
    return BehindFile.open(test, NAME, Linux.O_RDWR, policy);
  }

  /** Waits until the runtime has no descriptor of its own, beside so many of the test. */
  private void awaitDescriptors(int ofTest) throws InterruptedException {
    BehindFile.awaitDescriptors(descriptorsBefore + ofTest);
  }

  private static CompletableFuture<Void> start(Body body) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                body.run();
                done.complete(null);
              } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
              }
            },
            "application")
        .start();
    return done;
  }

  private interface Body {
    void run() throws Exception;
  }

  @Test
  void anErrorIsThrownOnceByEachFile() throws Exception {
    BehindFile one = open(BehindFile.POLICY);
    BehindFile two = open(BehindFile.POLICY);
    BehindFile three = open(BehindFile.POLICY);
    for (BehindFile file : List.of(one, two, three)) {
      file.write(new byte[10], 0);
    }
    pages.fail(1);
    one.write(new byte[MIB], MIB);
    Failed failed = test.events.await(Failed.class, 1, LONG).get(0);
    assertEquals(-Errno.EIO, failed.result());
    assertEquals("write-back", failed.reason());
    assertEquals(MIB, failed.request().offset());
    assertEquals(MIB, failed.request().lengthBytes());
    BehindFile.await(() -> test.runtime.trails().dirtyBytes() < MIB, () -> "dirty");
    for (BehindFile file : List.of(one, two)) {
      IOException thrown =
          assertThrows(IOException.class, () -> file.write(new byte[10], 2L * MIB));
      assertEquals("Input/output error", thrown.getMessage());
      file.write(new byte[10], 2L * MIB);
    }
    test.expectErrorsAtClose();
    assertEquals(
        "Input/output error", assertThrows(IOException.class, three.file::close).getMessage());
    one.file.close();
    two.file.close();
    BehindFile later = open(BehindFile.POLICY);
    later.write(new byte[10], 0);
    later.file.close();
    assertEquals(1, test.statistics().errors());
  }

  @Test
  void aHangingWriteBackIsRecordedAndNotWaitedFor() throws Exception {
    BehindFile file = open(SHORT);
    byte[] bytes = TestRuntime.bytes(MIB, 1);
    pages.hold();
    file.write(bytes, 0);
    Lost lost = test.events.await(Lost.class, 1, LONG).get(0);
    assertEquals("write-back has not returned", lost.reason());
    assertEquals(MIB, lost.request().lengthBytes());
    assertTrue(
        test.runtime.inFlight().stream()
            .map(InFlightRequest::operation)
            .toList()
            .contains("write-back"));
    file.write(bytes, MIB);
    long before = System.nanoTime();
    file.file.close();
    assertTrue(TestRuntime.millisSince(before) < 10_000, "the close waits for the write-back");
    assertEquals(1, pages.waiting());
    pages.letGo();
    Late late = test.events.await(Late.class, 1, LONG).get(0);
    assertEquals(lost.request(), late.request());
    assertEquals(0, late.result());
    BehindFile.awaitUncached(test, NAME);
    assertEquals(2 * MIB, Files.size(test.path(NAME)));
    awaitDescriptors(1);
    assertEquals(1, test.events.all(Lost.class).size());
  }

  @Test
  void beyondTheBoundCallersWaitWithinTheirDeadline() throws Exception {
    BehindFile file = open(SHORT);
    BehindBounds.limit(test.runtime.trails(), file.file.context(), 2 * MIB);
    byte[] bytes = TestRuntime.bytes(3 * MIB, 1);
    pages.hold();
    file.write(bytes, 0);
    BehindFile other = BehindFile.open(test, "g", Linux.O_RDWR, SHORT);
    for (BehindFile one : List.of(file, other)) {
      long before = System.nanoTime();
      DirectIoException late =
          assertThrows(DirectIoException.class, () -> one.write(new byte[100], 5L * MIB));
      assertTrue(TestRuntime.millisSince(before) >= DEADLINE_MILLIS);
      assertEquals(Errno.ETIMEDOUT, late.errno());
      assertTrue(
          late.getMessage().contains(3 * MIB + " bytes are to be written back first"),
          late.getMessage());
    }
    assertEquals(2, test.statistics().notStarted());
    CompletableFuture<Void> waiter =
        start(() -> open(SHORT.withDeadline(LONG)).write(new byte[100], 3L * MIB));
    BehindFile.await(
        () -> test.runtime.inFlight().stream().anyMatch(one -> one.waitingFor().contains("first")),
        () -> "" + test.runtime.inFlight());
    pages.letGo();
    waiter.get(60, TimeUnit.SECONDS);
    file.file.close();
    byte[] content = test.content(NAME);
    assertEquals(3 * MIB + 100, content.length);
    assertArrayEquals(bytes, java.util.Arrays.copyOf(content, 3 * MIB));
  }

  /** Steps that are not full are written back, too, when callers wait for them. */
  @Test
  void manyOpenStepsDoNotHoldUpTheBound() throws Exception {
    List<BehindFile> files = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      files.add(BehindFile.open(test, "many" + i, Linux.O_RDWR, BehindFile.POLICY));
    }
    BehindBounds.limit(test.runtime.trails(), files.get(0).file.context(), 4 * MIB);
    for (int round = 0; round < 4; round++) {
      for (BehindFile file : files) {
        file.write(new byte[MIB / 2], (long) round * 5 * MIB);
      }
    }
    BehindBounds.limit(test.runtime.trails(), files.get(0).file.context(), 1000);
    files.get(0).write(new byte[MIB / 2], 0);
    assertEquals(0, test.statistics().lost());
  }

  @Test
  void aHangingWriteIsRecordedLostAndLateOnce() throws Exception {
    BehindFile file = open(SHORT);
    file.write(new byte[10], 0);
    hang(file, 4096, 1);
    hang(file, BehindFile.OWN_OFFSET, 2);
  }

  private void hang(BehindFile file, long position, int number) throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    CompletableFuture<Void> writer =
        start(() -> assertEquals(77, file.write(position, 100, () -> await(hangs, 77))));
    Lost lost = test.events.await(Lost.class, number, LONG).get(number - 1);
    assertEquals("buffered write has not returned", lost.reason());
    assertEquals("application", lost.submitter());
    assertEquals(position, lost.request().offset());
    assertEquals(100, lost.request().lengthBytes());
    InFlightRequest row =
        test.runtime.inFlight().stream()
            .filter(one -> one.operation().equals("buffered write"))
            .findFirst()
            .orElseThrow();
    assertEquals(lost.request(), row.request());
    Thread.sleep(100);
    file.write(new byte[10], MIB); // Others go on.
    hangs.countDown();
    writer.get(60, TimeUnit.SECONDS);
    Late late = test.events.await(Late.class, number, LONG).get(number - 1);
    assertEquals(lost.request(), late.request());
    assertEquals(77, late.result());
    assertTrue(late.delivered());
    assertEquals(number, test.events.all(Lost.class).size());
    assertEquals(number, test.events.all(Late.class).size());
    assertEquals(List.of(), test.runtime.inFlight());
  }

  private static long await(CountDownLatch latch, long result) throws IOException {
    try {
      latch.await();
      return result;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  /**
   * A close does not wait for a write that hangs: what that has written is accounted all the same.
   */
  @Test
  void aWriteThatEndsAfterTheClose() throws Exception {
    for (boolean otherStays : new boolean[] {true, false}) {
      BehindFile other = open(BehindFile.POLICY);
      other.write(new byte[10], 0);
      BehindFile file = open(BehindFile.POLICY);
      CountDownLatch hangs = new CountDownLatch(1);
      CountDownLatch inside = new CountDownLatch(1);
      CompletableFuture<Void> writer =
          start(
              () ->
                  file.write(
                      MIB,
                      MIB,
                      () -> {
                        inside.countDown();
                        long written = BehindFile.systemWrite(file.fd, new byte[MIB], MIB);
                        return await(hangs, written);
                      }));
      assertTrue(inside.await(60, TimeUnit.SECONDS));
      file.file.close();
      if (!otherStays) {
        other.file.close();
        awaitDescriptors(4);
      }
      hangs.countDown();
      writer.get(60, TimeUnit.SECONDS);
      other.file.close();
      BehindFile.await(() -> test.runtime.trails().dirtyBytes() == 0, () -> "dirty");
      awaitDescriptors(otherStays ? 2 : 4);
    }
  }

  /** A trail that is left is entered again, while it is flushed; a closed one is not. */
  @Test
  void closedAndOpenedAgain() throws Exception {
    byte[] bytes = TestRuntime.bytes(4 * MIB, 1);
    pages.hold();
    for (int i = 0; i < 4; i++) {
      BehindFile file = open(BehindFile.POLICY);
      byte[] part = java.util.Arrays.copyOfRange(bytes, i * MIB, (i + 1) * MIB);
      file.write(part, (long) i * MIB);
      file.file.close();
      BehindFile.await(() -> pages.waiting() > 0, () -> "no write-back");
      awaitDescriptors(i + 2);
      assertEquals(1, pages.waiting(), "one thread flushes");
    }
    pages.letGo();
    BehindFile.awaitUncached(test, NAME);
    awaitDescriptors(4);
    BehindFile file = open(BehindFile.POLICY);
    file.write(new byte[10], 4L * MIB);
    assertEquals(descriptorsBefore + 6, BehindFile.openDescriptors(), "a trail of its own");
    file.file.close();
    awaitDescriptors(5);
    assertArrayEquals(bytes, java.util.Arrays.copyOf(test.content(NAME), 4 * MIB));
  }

  /** A large folio keeps its pages until all of it is dropped at once. */
  @Test
  void aPageThatIsWrittenAgainWhileItIsWrittenBack() throws Exception {
    BehindFile file = open(BehindFile.POLICY);
    pages.hold();
    file.write(new byte[MIB], 0);
    BehindFile.await(() -> pages.waiting() > 0, () -> "no write-back");
    file.write(new byte[10], 5000);
    pages.letGo();
    BehindFile.await(() -> test.runtime.trails().dirtyBytes() == 10, () -> "dirty");
    file.file.close();
    BehindFile.awaitUncached(test, NAME);
  }

  @Test
  void aLockIsNotDroppedByTheTrail() throws Exception {
    BehindFile file = open(BehindFile.POLICY);
    pages.hold();
    file.write(new byte[2 * MIB], 0);
    file.file.close();
    try (FileChannel other = FileChannel.open(test.path(NAME), StandardOpenOption.WRITE);
        FileLock lock = other.lock(0, 10, false)) {
      pages.letGo();
      BehindFile.await(() -> test.runtime.keptDescriptors() == 1, () -> "not kept");
      assertTrue(PosixLocks.held((Long) Files.getAttribute(test.path(NAME), "unix:ino")));
      lock.release();
      BehindFile.await(() -> test.runtime.keptDescriptors() == 0, () -> "kept");
      assertFalse(PosixLocks.held((Long) Files.getAttribute(test.path(NAME), "unix:ino")));
    }
    awaitDescriptors(1);
  }
}
