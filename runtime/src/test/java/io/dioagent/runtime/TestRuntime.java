package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.AioEngine;
import io.dioagent.runtime.engine.AioUnavailableException;
import io.dioagent.runtime.engine.ChosenEngine;
import io.dioagent.runtime.engine.EngineKind;
import io.dioagent.runtime.fault.FaultRule;
import io.dioagent.runtime.fault.FaultyEngine;
import io.dioagent.runtime.linux.Linux;
import io.dioagent.runtime.testing.CProgram;
import io.dioagent.runtime.testing.Scratch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A runtime on a scratch directory. At the end of the test it checks the promises: nothing in
 * flight, no buffer in use, each write that began has ended once.
 */
public final class TestRuntime implements AutoCloseable {
  private static final Duration SETTLES = Duration.ofSeconds(10);

  final Scratch scratch = new Scratch();
  final RecordingEventSink events = new RecordingEventSink();
  final DirectRuntime runtime;
  private final List<DirectFile> files = new ArrayList<>();
  private final List<Integer> descriptors = new ArrayList<>();
  private boolean loses;
  private boolean errorsAtClose;

  TestRuntime() {
    this(RuntimeOptions.DEFAULT);
  }

  TestRuntime(RuntimeOptions options) {
    this(options, engine -> engine);
  }

  /** Runs on an engine around the real one. */
  TestRuntime(RuntimeOptions options, UnaryOperator<AioEngine> around) {
    runtime = DirectRuntime.start(options, events, around.apply(engine()));
  }

  /**
   * Returns the engine of this run of the tests: the build runs them all on each, by the property
   * {@code dio.test.engine}. If that engine does not work, a test is skipped, and prints the
   * reason.
   */
  public static AioEngine engine() {
    CProgram.skipUnless(WHY_NO_ENGINE == null, "no engine " + KIND + " here: " + WHY_NO_ENGINE);
    return new ChosenEngine(KIND);
  }

  /** Returns whether a caller submits for itself with that engine. */
  static boolean callersSubmit() {
    return CALLERS_SUBMIT;
  }

  private static final EngineKind KIND =
      EngineKind.valueOf(System.getProperty("dio.test.engine", "aio").toUpperCase(Locale.ROOT));

  /** As {@link AioContext#submittingCall} of that engine. */
  static String submittingCall() {
    return SUBMITTING_CALL;
  }

  private static final String WHY_NO_ENGINE;
  private static final boolean CALLERS_SUBMIT;
  private static final String SUBMITTING_CALL;

  static {
    String whyNot = null;
    String submittingCall = null;
    boolean honoursNowait = false;
    try (AioContext context = new ChosenEngine(KIND).open(1)) {
      honoursNowait = context.honoursNowait();
      submittingCall = context.submittingCall();
    } catch (AioUnavailableException e) {
      whyNot = e.getMessage();
    }
    WHY_NO_ENGINE = whyNot;
    CALLERS_SUBMIT = honoursNowait;
    SUBMITTING_CALL = submittingCall;
  }

  /** Starts a runtime with faults. */
  static TestRuntime withFaults(String... rules) {
    return withFaults(RuntimeOptions.DEFAULT, rules);
  }

  /** Starts a runtime with faults. */
  static TestRuntime withFaults(RuntimeOptions options, String... rules) {
    TestRuntime[] made = new TestRuntime[1];
    // The engine reports to the sink that is made with it.
    FaultEvents late = new FaultEvents();
    made[0] =
        new TestRuntime(
            options,
            engine ->
                new FaultyEngine(
                    engine, Arrays.stream(rules).map(FaultRule::parse).toList(), late.sink()));
    late.target = made[0].events;
    return made[0];
  }

  private static final class FaultEvents {
    private EventSink target;

    /** Returns the sink of all events but the faults, which are discarded. */
    EventSink sink() {
      return (EventSink)
          java.lang.reflect.Proxy.newProxyInstance(
              EventSink.class.getClassLoader(),
              new Class<?>[] {EventSink.class},
              (proxy, method, arguments) -> method.invoke(target, arguments));
    }
  }

  /** Allows buffers to stay quarantined from here on. */
  void loses() {
    loses = true;
  }

  /** Allows a close to throw the error of a write from here on. */
  void expectErrorsAtClose() {
    errorsAtClose = true;
  }

  DirectFile open(String name, OpenOption... options) throws IOException {
    return open(name, FilePolicy.DEFAULT, options);
  }

  DirectFile open(String name, FilePolicy policy, OpenOption... options) throws IOException {
    List<OpenOption> all = new ArrayList<>(List.of(options));
    all.add(StandardOpenOption.CREATE);
    DirectFile file = runtime.open(path(name), policy, all.toArray(OpenOption[]::new));
    files.add(file);
    return file;
  }

  /** Opens a file whose blocks are on the disk, so that overwriting it needs no waiting. */
  DirectFile openWritten(String name, int lengthBytes, FilePolicy policy) throws IOException {
    scratch.written(name, lengthBytes);
    return open(name, policy);
  }

  /** Opens a descriptor for the test; closed at the end. */
  int descriptor(Path path, int flags) {
    int fd = (int) Linux.open(path.toString(), flags | Linux.O_CLOEXEC, 0600);
    assertEquals(0, Math.min(fd, 0), "open " + path);
    descriptors.add(fd);
    return fd;
  }

  DirectFile adopt(int fd, FilePolicy policy) throws IOException {
    DirectFile file = runtime.adopt(fd, policy);
    files.add(file);
    return file;
  }

  Path path(String name) {
    return scratch.file(name);
  }

  byte[] content(String name) throws IOException {
    return Files.readAllBytes(path(name));
  }

  Statistics statistics() {
    return runtime.statistics();
  }

  /** Returns deterministic bytes, none of them zero. */
  static byte[] bytes(int lengthBytes, long seed) {
    byte[] bytes = new byte[lengthBytes];
    new Random(seed).nextBytes(bytes);
    for (int i = 0; i < lengthBytes; i++) {
      bytes[i] = bytes[i] == 0 ? 1 : bytes[i];
    }
    return bytes;
  }

  static long write(DirectFile file, byte[] bytes, long position) throws IOException {
    return file.write(WriteSource.of(ByteBuffer.wrap(bytes)), position);
  }

  /** A part of a test. */
  interface Part {
    void run() throws Exception;
  }

  /**
   * Holds the watchdog, so that it seals no open chunk: they stay pending on a slow machine too.
   */
  void withoutWatchdog(Part part) throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    runtime.context().watchdog().add(() -> isReleased(held, release));
    held.await();
    try {
      part.run();
    } finally {
      release.countDown();
    }
  }

  private static boolean isReleased(CountDownLatch held, CountDownLatch release) {
    held.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  /** Waits for a level or a counter. */
  void await(String what, java.util.function.Predicate<Statistics> condition, Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.test(statistics())) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("expected " + what + ": " + statistics());
      }
      Thread.sleep(2);
    }
  }

  void awaitSettled() throws InterruptedException {
    await(
        "nothing in flight, in use or quarantined",
        now -> now.inFlight() == 0 && now.bufferBytes() == 0 && now.quarantinedBytes() == 0,
        SETTLES);
  }

  @Override
  public void close() {
    try {
      if (!loses) {
        awaitSettled();
      }
      assertEquals(List.of(), events.misuses());
      // A write in the background gives its memory back before its event ends.
      await("no write that began and did not end", now -> events.open() == 0, SETTLES);
      closeFiles();
      assertEquals(0, statistics().openFiles());
      assertCountersAreEvents();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      closeFiles();
      runtime.close();
      descriptors.forEach(Linux::close);
      scratch.close();
    }
  }

  /**
   * Checks that each counter is the number of its events, and that each lost request that may come
   * late did.
   */
  private void assertCountersAreEvents() throws InterruptedException {
    await(
        "as many errors, lost and late as events",
        now ->
            now.errors() == events.all(RecordingEventSink.Failed.class).size()
                && now.lost() == events.all(RecordingEventSink.Lost.class).size()
                && now.late() == events.all(RecordingEventSink.Late.class).size(),
        Duration.ofSeconds(60));
    List<RequestInfo> owed = new ArrayList<>();
    for (RecordingEventSink.Lost lost : events.all(RecordingEventSink.Lost.class)) {
      if (lost.pending()) {
        owed.add(lost.request());
      }
    }
    for (RecordingEventSink.Late late : events.all(RecordingEventSink.Late.class)) {
      assertTrue(owed.remove(late.request()), "late, and never lost: " + late);
    }
    if (!loses) {
      assertEquals(List.of(), owed, "lost, and never late");
    }
  }

  private void closeFiles() {
    for (DirectFile file : files) {
      try {
        file.close();
      } catch (IOException e) {
        if (!errorsAtClose) {
          throw new AssertionError("an error that the test did not ask for", e);
        }
      }
    }
  }

  /** Returns late answers of the device; a lost request that never began has no result. */
  List<RecordingEventSink.Late> answeredLate() {
    return events.all(RecordingEventSink.Late.class).stream()
        .filter(late -> late.result() != 0)
        .toList();
  }

  /** Returns milliseconds since a System.nanoTime(). */
  public static long millisSince(long nanoTime) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanoTime);
  }
}
