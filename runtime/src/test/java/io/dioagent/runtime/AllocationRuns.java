package io.dioagent.runtime;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.ReadMode;
import io.dioagent.runtime.api.ReadSink;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Statistics;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.fault.FaultRule;
import io.dioagent.runtime.fault.FaultyEngine;
import io.dioagent.runtime.testing.AllocationRun;
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
import java.util.function.Function;

/**
 * The operations of {@link AllocationFaultTest}, loaded beside a runtime whose allocations can be
 * made to fail. One thread at a time.
 */
final class AllocationRuns implements AllocationRun, Function<String, AllocationRun> {
  private static final int BLOCK = 4096;
  private static final int MIB = 1 << 20;
  private static final FilePolicy PIPELINED = FilePolicy.DEFAULT.withWrite(WriteMode.PIPELINED);
  private static final FilePolicy READS = FilePolicy.DEFAULT.withRead(ReadMode.DIRECT);
  private static final FilePolicy SHORT = FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(60));

  private Scratch scratch;
  private DirectRuntime runtime;
  private DirectFile file;
  private WriteQueue queue;
  private AlignedBuffer buffer;
  private AllocationBehind behind;
  private Operation operation;
  private int releasedCount;
  private int openBefore;

  /** Does an operation, and checks it. */
  private interface Operation {
    void once(int seed) throws Throwable;
  }

  @Override
  public AllocationRun apply(String name) {
    AllocationRuns made = new AllocationRuns();
    try {
      made.start(name);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return made;
  }

  private void start(String name) throws IOException {
    scratch = new Scratch();
    scratch.written("f", 2 * MIB);
    String faults =
        switch (name) {
          case "write-short", "async-short" -> "short:offset=1m-2m";
          case "write-eio", "async-eio", "pipelined-eio" -> "eio:offset=1m-2m";
          case "write-late", "async-late" -> "late:offset=1m-2m:for=120ms";
          default -> "eio:offset=1g-2g";
        };
    runtime =
        DirectRuntime.start(
            RuntimeOptions.DEFAULT,
            EventSink.none(),
            new FaultyEngine(
                TestRuntime.engine(), List.of(FaultRule.parse(faults)), EventSink.none()));
    operation = operation(name);
    openBefore = runtime.statistics().openFiles();
  }

  private Operation operation(String name) throws IOException {
    FilePolicy policy = name.endsWith("-late") ? SHORT : FilePolicy.DEFAULT;
    switch (name) {
      case "pipelined-eio", "pipelined" -> file = open(PIPELINED);
      case "append" -> file = open(policy, StandardOpenOption.APPEND);
      case "read", "read-at-end" -> file = open(READS);
      case "behind", "behind-own" -> file = open(AllocationBehind.POLICY);
      case "open-close", "pipelined-close", "behind-close", "read-ahead" -> {}
      default -> file = open(policy);
    }
    if (name.startsWith("queue")) {
      queue = runtime.newQueue(4);
      buffer = runtime.allocate(4 * BLOCK);
    }
    behind = name.startsWith("behind") ? new AllocationBehind(runtime, path(), file) : null;
    return switch (name) {
      case "behind" -> behind::placed;
      case "behind-own" -> behind::atOwnOffset;
      case "behind-close" -> behind::opened;
      case "write" -> seed -> write(0, 2 * BLOCK, seed);
      case "write-unaligned" -> seed -> write(100, 9000, seed);
      case "write-large" -> seed -> write(0, 700 << 10, seed);
      case "write-short" -> seed -> write(MIB, 4 * BLOCK, seed);
      case "write-eio" -> seed -> AllocationChecks.fails(() -> write(MIB, BLOCK, seed));
      case "write-late" -> seed -> mayBeLate(() -> write(MIB, BLOCK, seed));
      case "append" -> this::append;
      case "pipelined" -> this::pipelined;
      case "pipelined-close" -> this::pipelinedAndClosed;
      case "pipelined-eio" -> seed -> AllocationChecks.fails(() -> pipelinedAt(MIB, BLOCK, seed));
      case "async" -> seed -> async(0, 2 * BLOCK, seed);
      case "async-unaligned" -> seed -> async(100, 9000, seed);
      case "async-short" -> seed -> async(MIB, 4 * BLOCK, seed);
      case "async-eio" -> seed -> AllocationChecks.fails(() -> async(MIB, BLOCK, seed));
      case "async-late" -> seed -> mayBeLate(() -> async(MIB, BLOCK, seed));
      case "queue" -> this::queued;
      case "queue-new" -> this::queuedAnew;
      case "read" -> seed -> read(100, 9000);
      case "read-ahead" -> seed -> readAhead();
      case "read-at-end" -> seed -> readAtEnd();
      case "open-close" -> this::openAndClose;
      case "force" -> seed -> file.force(true);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private DirectFile open(FilePolicy policy, OpenOption... options) throws IOException {
    return runtime.open(path(), policy, options);
  }

  private Path path() {
    return scratch.file("f");
  }

  @Override
  public void once(int seed) throws Throwable {
    operation.once(seed);
  }

  @Override
  public String notSettled() {
    Statistics now = runtime.statistics();
    boolean settled =
        now.inFlight() == 0
            && now.quarantinedBytes() == 0
            && now.bufferBytes() == (buffer == null ? 0 : buffer.capacityBytes())
            && !runtime.hasPending()
            && runtime.inFlight().isEmpty()
            && now.openFiles() == openBefore
            && (behind == null || behind.isSettled());
    return settled ? null : now + ", " + runtime.inFlight() + ", pending " + runtime.hasPending();
  }

  @Override
  public String inFlight() {
    return runtime.inFlight() + "; " + runtime.statistics();
  }

  @Override
  public void close() {
    if (queue != null) {
      queue.close();
      buffer.close();
    }
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) { // Caused by the injected failure.
      System.out.println("close: " + e);
    }
    if (behind != null) {
      behind.close();
    }
    if (releasedCount > 0) {
      System.out.println("released before their completion came: " + releasedCount);
    }
    runtime.close();
    scratch.close();
  }

  private void verify(long at, byte[] expected) throws IOException {
    byte[] all = Files.readAllBytes(path());
    byte[] there = Arrays.copyOfRange(all, (int) at, (int) at + expected.length);
    AllocationChecks.check(
        Arrays.equals(expected, there), "other bytes at " + at + " than were written");
  }

  /** On a busy machine a deadline may last longer than the completion is held back. */
  private void mayBeLate(AllocationChecks.Step step) throws Throwable {
    long lostBefore = runtime.statistics().lost();
    if (AllocationChecks.hasFailed(step)) {
      releasedCount++;
    } else if (runtime.statistics().lost() != lostBefore) {
      throw new AssertionError("counted as lost, and its caller was not released");
    }
  }

  private void write(long at, int length, int seed) throws IOException {
    byte[] bytes = TestRuntime.bytes(length, seed);
    long written = file.write(WriteSource.of(ByteBuffer.wrap(bytes)), at);
    AllocationChecks.check(written == length, "wrote " + written);
    verify(at, bytes);
  }

  private void append(int seed) throws IOException {
    byte[] bytes = TestRuntime.bytes(5000, seed);
    long size = Files.size(path());
    long written;
    try {
      written = file.write(WriteSource.of(ByteBuffer.wrap(bytes)));
    } catch (OutOfMemoryError e) {
      long now = Files.size(path());
      AllocationChecks.check(now == size, "failed, and grew from " + size + " to " + now);
      throw e;
    }
    AllocationChecks.check(written == bytes.length, "wrote " + written);
    AllocationChecks.check(
        Files.size(path()) == size + written, "grew by " + (Files.size(path()) - size));
    verify(size, bytes);
  }

  private void pipelined(int seed) throws IOException {
    pipelinedAt(100, 300 << 10, seed);
  }

  private void pipelinedAt(long at, int length, int seed) throws IOException {
    byte[] bytes = TestRuntime.bytes(length, seed);
    long written = 0;
    int step = length / 3 + 1;
    for (int from = 0; from < length; from += step) {
      int part = Math.min(step, length - from);
      written += file.write(WriteSource.of(ByteBuffer.wrap(bytes, from, part)), at + from);
    }
    file.force(false);
    AllocationChecks.check(written == length, "wrote " + written);
    verify(at, bytes);
  }

  private void pipelinedAndClosed(int seed) throws IOException {
    byte[] bytes = TestRuntime.bytes(10000, seed);
    DirectFile mine = open(PIPELINED);
    try {
      mine.write(WriteSource.of(ByteBuffer.wrap(bytes, 0, 6000)), 50);
      mine.write(WriteSource.of(ByteBuffer.wrap(bytes, 6000, 4000)), 6050);
    } catch (Throwable e) {
      try {
        AllocationChecks.closeAgain(mine);
      } catch (IOException | Error again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    AllocationChecks.closeAgain(mine);
    verify(50, bytes);
  }

  private void openAndClose(int seed) throws IOException {
    byte[] bytes = TestRuntime.bytes(2 * BLOCK, seed);
    DirectFile mine = open(FilePolicy.DEFAULT);
    try {
      mine.write(WriteSource.of(ByteBuffer.wrap(bytes)), 0);
    } catch (Throwable e) {
      AllocationChecks.closeAgain(mine);
      throw e;
    }
    AllocationChecks.closeAgain(mine);
    verify(0, bytes);
  }

  private void async(long at, int length, int seed) throws Exception {
    byte[] bytes = TestRuntime.bytes(length, seed);
    AllocationChecks.Ending[] endings = {
      new AllocationChecks.Ending(), new AllocationChecks.Ending()
    };
    int begun = 0;
    Throwable first = null;
    try {
      for (AllocationChecks.Ending ending : endings) {
        int half = length / 2;
        ByteBuffer part = ByteBuffer.wrap(bytes, begun * half, half);
        file.writeAsync(WriteSource.of(part), at + (long) begun * half, ending);
        begun++;
      }
    } catch (Throwable e) {
      first = e;
    }
    for (int i = 0; i < begun; i++) {
      endings[i].await();
      first = first == null ? endings[i].failure : first;
    }
    for (int i = 0; i < endings.length; i++) {
      AllocationChecks.check(
          endings[i].count == (i < begun ? 1 : 0), "ended " + endings[i].count + " times");
    }
    if (first instanceof Error e) {
      throw e;
    }
    if (first != null) {
      throw (Exception) first;
    }
    AllocationChecks.check(endings[0].bytes + endings[1].bytes == length, "wrote fewer");
    verify(at, bytes);
  }

  private void queued(int seed) throws IOException {
    byte[] bytes = TestRuntime.bytes(2 * BLOCK, seed);
    buffer.byteBuffer().clear().put(bytes);
    List<Long> results = new ArrayList<>();
    int begun = 0;
    Error failed = null;
    try {
      for (int i = 0; i < 2; i++) {
        queue.submit(file, buffer, 2 * BLOCK, i * 2L * BLOCK, i);
        begun++;
      }
    } catch (OutOfMemoryError e) {
      failed = e;
    }
    // A write that threw may have been queued: then it ends, and is in flight until then.
    while (queue.inFlight() > 0 || results.size() < begun) {
      try {
        queue.await(1, Duration.ofSeconds(1), (data, result, id) -> results.add(result));
      } catch (OutOfMemoryError e) {
        failed = e;
      }
    }
    AllocationChecks.check(results.size() == begun, begun + " were begun, ended: " + results);
    for (long result : results) {
      AllocationChecks.check(
          result == 2 * BLOCK || result == -Errno.ENOMEM, "ended with " + result);
      failed = result < 0 && failed == null ? new OutOfMemoryError("ENOMEM") : failed;
    }
    if (failed != null) {
      throw failed;
    }
    verify(0, bytes);
    verify(2 * BLOCK, bytes);
  }

  private void queuedAnew(int seed) throws IOException {
    WriteQueue before = queue;
    queue = runtime.newQueue(2);
    try {
      queued(seed);
    } finally {
      WriteQueue mine = queue;
      queue = before;
      try {
        mine.close();
      } catch (OutOfMemoryError e) {
        mine.close();
      }
    }
  }

  private void read(int at, int length) throws IOException {
    byte[] bytes = new byte[length];
    long read = file.read(ReadSink.of(ByteBuffer.wrap(bytes)), at);
    AllocationChecks.check(read == length, "read " + read);
    verify(at, bytes);
  }

  private void readAhead() throws IOException {
    DirectFile mine = open(READS);
    file = mine;
    try {
      for (int i = 0; i < 8; i++) {
        read(i * 16384, 16384);
      }
    } finally {
      file = null;
      AllocationChecks.closeAgain(mine); // Otherwise memory read ahead is held for a second.
    }
  }

  private void readAtEnd() throws IOException {
    byte[] bytes = new byte[BLOCK];
    long read = file.read(ReadSink.of(ByteBuffer.wrap(bytes)), 2 * MIB - 100);
    AllocationChecks.check(read == 100, "read " + read);
  }
}
