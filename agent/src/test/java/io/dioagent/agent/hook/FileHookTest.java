package io.dioagent.agent.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.AgentException;
import io.dioagent.agent.options.Glob;
import io.dioagent.agent.options.Mode;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.api.FilePolicy;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sun.nio.ch.DioHook;

/** The hook without weaving: its methods called as the woven classes would. */
class FileHookTest {
  @TempDir Path temporary;

  private Path directory;
  private final RecordingTarget target = new RecordingTarget();
  private IOException refusal;
  private int adoptions;
  private FileHook hook;

  @BeforeEach
  void makeHook() throws IOException {
    directory = temporary.toRealPath();
    TagRule rule = new TagRule("t", Glob.of(directory + "/tagged*"), FilePolicy.DEFAULT);
    hook = new FileHook();
    hook.start(
        Mode.DIRECT,
        (number, adoptedRule) -> {
          adoptions++;
          assertSame(rule, adoptedRule);
          if (refusal != null) {
            throw refusal;
          }
          return target;
        },
        List.of(rule),
        List.of(Glob.of(directory + "/*.not")));
  }

  private FileOutputStream open(String name) throws IOException {
    FileOutputStream stream = new FileOutputStream(directory.resolve(name).toFile());
    hook.onOpened(stream.getFD());
    return stream;
  }

  @Test
  void otherFilesAreNotMine() throws IOException {
    for (String name : new String[] {"other", "tagged.not", "tagged.jfr"}) {
      try (FileOutputStream stream = open(name)) {
        FileDescriptor descriptor = stream.getFD();
        assertEquals(DioHook.NOT_MINE, hook.onWrite(descriptor, 0, 1), name);
        assertEquals(DioHook.NOT_MINE, hook.onWriteAt(descriptor, 0, 1, 0));
        assertEquals(DioHook.NOT_MINE, hook.onGather(descriptor, 0, 1));
        assertEquals(DioHook.NOT_MINE, hook.onForce(descriptor, true));
      }
    }
    assertEquals(0, adoptions);
  }

  @Test
  void standardStreamsAndClosedDescriptorsAreNotMine() throws IOException {
    assertEquals(DioHook.NOT_MINE, hook.onWrite(FileDescriptor.out, 0, 1));
    assertEquals(DioHook.NOT_MINE, hook.onWrite(FileDescriptor.err, 0, 1));
    assertEquals(DioHook.NOT_MINE, hook.onWrite(new FileDescriptor(), 0, 1));
  }

  @Test
  void taggedFilesAreTakenOnAtTheFirstWrite() throws IOException {
    try (FileOutputStream stream = open("tagged")) {
      FileDescriptor descriptor = stream.getFD();
      assertEquals(DioHook.NOT_MINE, hook.onForce(descriptor, true));
      assertEquals(0, adoptions);
      assertEquals(7, hook.onWrite(descriptor, 0, 7));
      assertEquals(8, hook.onWriteAt(descriptor, 0, 8, 100));
      assertEquals(0, hook.onForce(descriptor, true));
      assertEquals(1, adoptions);
      assertEquals(3, target.operations);
      hook.onClosing(descriptor);
      assertEquals(1, target.closes);
    }
  }

  /** After the descriptor has been closed: an Error of the application's own, too. */
  @ParameterizedTest
  @ValueSource(classes = {IOException.class, OutOfMemoryError.class})
  void aFailureOfCloseIsThrownOnceAndByItsDescriptorOnly(Class<? extends Throwable> type)
      throws Exception {
    Throwable failure = type.getConstructor(String.class).newInstance("for the test");
    try (FileOutputStream other = open("tagged1");
        FileOutputStream failing = open("tagged2");
        FileOutputStream third = open("tagged3")) {
      for (FileOutputStream stream : List.of(other, failing, third)) {
        hook.onWrite(stream.getFD(), 0, 1);
      }
      target.closeFailure = failure;
      hook.onClosing(failing.getFD());
      target.closeFailure = new IOException("of the third");
      hook.onClosing(third.getFD());
      target.closeFailure = null;
      hook.onClosing(other.getFD());
      hook.onClosed(other.getFD());
      assertSame(failure, assertThrows(type, () -> hook.onClosed(failing.getFD())));
      hook.onClosed(failing.getFD());
      assertThrows(IOException.class, () -> hook.onClosed(third.getFD()));
      hook.onClosed(third.getFD());
    }
  }

  /** The path counts that the file had when it was opened. */
  @Test
  void renamedAndDeletedFilesStayTagged() throws IOException {
    try (FileOutputStream renamed = open("tagged1");
        FileOutputStream deleted = open("tagged2")) {
      Files.move(directory.resolve("tagged1"), directory.resolve("other"));
      Files.delete(directory.resolve("tagged2"));
      assertEquals(1, hook.onWrite(renamed.getFD(), 0, 1));
      assertEquals(1, hook.onWrite(deleted.getFD(), 0, 1));
    }
  }

  @Test
  void filesOpenedUnseenAreClassifiedWhenWritten() throws IOException {
    try (FileOutputStream stream = new FileOutputStream(directory.resolve("tagged").toFile())) {
      assertEquals(1, hook.onWrite(stream.getFD(), 0, 1));
      Files.delete(directory.resolve("tagged"));
    }
    try (FileOutputStream stream = new FileOutputStream(directory.resolve("tagged").toFile())) {
      Files.delete(directory.resolve("tagged"));
      assertEquals(1, hook.onWrite(stream.getFD(), 0, 1), "deleted before its first write");
    }
  }

  @Test
  void linksAreFollowed() throws IOException {
    Path file = Files.createFile(directory.resolve("tagged"));
    Files.createSymbolicLink(directory.resolve("link"), file);
    try (FileOutputStream stream = open("link")) {
      assertEquals(1, hook.onWrite(stream.getFD(), 0, 1));
    }
  }

  @Test
  void whatCannotBeTakenOnIsLeftAloneForGood() throws IOException {
    refusal = new IOException("a pipe, expected a regular file");
    try (FileOutputStream stream = open("tagged")) {
      assertEquals(DioHook.NOT_MINE, hook.onWrite(stream.getFD(), 0, 1));
      assertEquals(DioHook.NOT_MINE, hook.onWrite(stream.getFD(), 0, 1));
      assertEquals(1, adoptions);
    }
  }

  @Test
  void errorsOfOperationsReachTheApplication() throws IOException {
    target.thrown = new IOException("No space left on device");
    try (FileOutputStream stream = open("tagged")) {
      FileDescriptor descriptor = stream.getFD();
      assertSame(
          target.thrown, assertThrows(IOException.class, () -> hook.onWrite(descriptor, 0, 1)));
      assertSame(
          target.thrown, assertThrows(IOException.class, () -> hook.onForce(descriptor, true)));
    }
  }

  @Test
  void unreadableMemoryIsLeftToTheJdk() throws IOException {
    target.thrown = new InternalError("a fault occurred in an unsafe memory access operation");
    try (FileOutputStream stream = open("tagged")) {
      assertEquals(DioHook.NOT_MINE, hook.onWrite(stream.getFD(), 0, 1));
    }
  }

  /** With nothing submitted, as any exception of a target but IOException means. */
  @Test
  void defectsAreLeftToTheJdk() throws IOException {
    try (FileOutputStream stream = open("tagged")) {
      FileDescriptor descriptor = stream.getFD();
      for (Throwable defect :
          new Throwable[] {
            new IllegalStateException("defect"),
            new NoClassDefFoundError("defect"),
            new SecurityException("access denied")
          }) {
        target.thrown = defect;
        assertEquals(DioHook.NOT_MINE, hook.onWriteAt(descriptor, 0, 1, 0));
        assertEquals(DioHook.NOT_MINE, hook.onForce(descriptor, true));
      }
    }
  }

  @Test
  void errorsOfTheApplicationsOwnMakingReachIt() throws IOException {
    try (FileOutputStream stream = open("tagged")) {
      FileDescriptor descriptor = stream.getFD();
      for (Error own : new Error[] {new StackOverflowError(), new OutOfMemoryError()}) {
        target.thrown = own;
        assertSame(own, assertThrows(Error.class, () -> hook.onWriteAt(descriptor, 0, 1, 0)));
        assertSame(own, assertThrows(Error.class, () -> hook.onForce(descriptor, true)));
      }
    }
  }

  @Test
  void aNumberThatCameBackIsAnotherFile() throws IOException {
    FileOutputStream first = open("tagged");
    FileDescriptor firstDescriptor = first.getFD();
    int number = Redirection.numberOf(firstDescriptor);
    assertEquals(1, hook.onWrite(firstDescriptor, 0, 1));
    first.close(); // Unseen: nothing is woven here.
    try (FileOutputStream second = new FileOutputStream(directory.resolve("other").toFile())) {
      assertEquals(number, Redirection.numberOf(second.getFD()));
      assertEquals(DioHook.NOT_MINE, hook.onWrite(second.getFD(), 0, 1));
      assertEquals(1, target.closes);
      assertFalse(hook.knows(number, firstDescriptor));
    }
  }

  @Test
  void nothingIsTaggedBeforeTheStart() throws IOException {
    FileHook fresh = new FileHook();
    try (FileOutputStream stream = open("tagged")) {
      FileDescriptor descriptor = stream.getFD();
      fresh.onOpened(descriptor);
      assertEquals(DioHook.NOT_MINE, fresh.onWrite(descriptor, 0, 1));
      fresh.start(
          Mode.DIRECT,
          (number, rule) -> target,
          List.of(new TagRule("t", Glob.of(directory + "/*"), FilePolicy.DEFAULT)),
          List.of());
      assertEquals(1, fresh.onWrite(descriptor, 0, 1));
    }
  }

  @Test
  void theSelfTestNoticesThatNothingIsWoven() throws IOException {
    String notSeen = SelfTest.run(hook);
    assertTrue(notSeen.contains("WRITE") && notSeen.contains("OPEN"), notSeen);
  }

  private static long soon() {
    return System.nanoTime() + 20_000_000;
  }

  private static long late() {
    return System.nanoTime() + 60_000_000_000L;
  }

  @Test
  void stoppedItTagsNothing() throws Exception {
    try (FileOutputStream stream = open("tagged");
        FileOutputStream unwritten = open("tagged-unwritten")) {
      assertEquals(1, hook.onWrite(stream.getFD(), 0, 1));
      assertEquals(0, hook.stop(late()));
      assertEquals(1, target.closes);
      assertEquals(DioHook.NOT_MINE, hook.onWrite(stream.getFD(), 0, 1));
      assertEquals(DioHook.NOT_MINE, hook.onForce(stream.getFD(), true));
      assertEquals(DioHook.NOT_MINE, hook.onWrite(unwritten.getFD(), 0, 1));
      try (FileOutputStream after = open("tagged-after")) {
        assertEquals(DioHook.NOT_MINE, hook.onWrite(after.getFD(), 0, 1));
      }
      assertEquals(1, adoptions);
    }
  }

  /** What must not be closed yet is closed with the descriptor. */
  @Test
  void whatIsLockedStaysUntilItIsClosed() throws Exception {
    target.mayCloseEarly = false;
    try (FileOutputStream stream = open("tagged")) {
      assertEquals(1, hook.onWrite(stream.getFD(), 0, 1));
      assertEquals(1, hook.stop(late()));
      assertEquals(DioHook.NOT_MINE, hook.onWrite(stream.getFD(), 0, 1));
      assertEquals(0, target.closes);
      hook.onClosing(stream.getFD());
      assertEquals(1, target.closes);
    }
  }

  /** An operation that does not end keeps the hook as it was. */
  @Test
  void itStaysWhereAnOperationHangs() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch device = new CountDownLatch(1);
    ExecutorService pool = Executors.newCachedThreadPool();
    try (FileOutputStream stream = open("tagged");
        FileOutputStream other = open("tagged-other")) {
      FileDescriptor descriptor = stream.getFD();
      assertEquals(1, hook.onWrite(other.getFD(), 0, 1));
      target.beforeAnswer =
          () -> {
            inside.countDown();
            assertTrue(device.await(60, TimeUnit.SECONDS));
          };
      Future<Long> hanging = pool.submit(() -> hook.onWrite(descriptor, 0, 5));
      assertTrue(inside.await(60, TimeUnit.SECONDS));
      target.beforeAnswer = null;
      AgentException why = assertThrows(AgentException.class, () -> hook.stop(soon()));
      assertEquals(
          "an operation on " + directory + "/tagged does not end, so dio-agent stays",
          why.getMessage());
      assertEquals(2, hook.onWrite(other.getFD(), 0, 2));
      assertEquals(3, hook.onWrite(descriptor, 0, 3));
      try (FileOutputStream after = open("tagged-after")) {
        assertEquals(4, hook.onWrite(after.getFD(), 0, 4));
      }
      device.countDown();
      assertEquals(5, hanging.get());
      assertEquals(0, hook.stop(late()));
      assertEquals(DioHook.NOT_MINE, hook.onWrite(descriptor, 0, 3));
    } finally {
      device.countDown();
      pool.shutdownNow();
    }
  }
}
