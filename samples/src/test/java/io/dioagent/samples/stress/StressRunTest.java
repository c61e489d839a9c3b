package io.dioagent.samples.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.engine.KernelAio;
import io.dioagent.samples.TargetDirectory;
import io.dioagent.samples.stress.CheatingLayer.Cheat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks that a run reports all defects, and only defects. */
class StressRunTest {
  private static final List<Stage> ALL = List.of(Stage.values());

  // On the disk that the project is on.
  @TempDir(factory = TargetDirectory.class)
  Path directory;

  private final ByteArrayOutputStream messageBytes = new ByteArrayOutputStream();
  private final PrintStream messages = new PrintStream(messageBytes, true, StandardCharsets.UTF_8);

  @BeforeEach
  void needsDirectIo() throws IOException {
    DirectIo.need(directory);
  }

  private Path file() {
    return directory.resolve("file");
  }

  private StressResult run(StressConfig config) throws Exception {
    return new StressRun(config, EventSink.none(), messages).run();
  }

  private StressResult run(StressConfig config, LyingDevice device) throws Exception {
    return run(config, new RuntimeLayer(config, EventSink.none(), device, messages));
  }

  private StressResult run(StressConfig config, Cheat cheat) throws Exception {
    Layer layer = new RuntimeLayer(config, EventSink.none(), new KernelAio(), messages);
    return run(config, new CheatingLayer(layer, cheat));
  }

  private StressResult run(StressConfig config, Layer layer) throws Exception {
    return new StressRun(config, () -> layer, messages, Progress.NONE).run();
  }

  private String messagesText() {
    return messageBytes.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @EnumSource
  void allIsWellWithoutFaults(Api api) throws Exception {
    StressResult result = run(Runs.config(file(), api, ALL));
    // Each stage, and the check at the end.
    long requests = (long) (ALL.size() + 1) * Runs.RECORDS;
    assertEquals(
        "aio-stress: issued=%d ended=%d bytes=%d failed=0 lost=0 late=0 duplicate=0 unknown=0"
                .formatted(requests, requests, requests * Runs.RECORD_BYTES)
            + " differing=0 threads-left=0 seconds=S seed=42",
        result.summary().replaceAll("seconds=\\S+", "seconds=S"));
    assertEquals(StressResult.OK, result.exitCode());
    assertEquals("", messagesText());
    assertEquals(Runs.RECORDS * Runs.RECORD_BYTES, Files.size(file()));
    assertEquals(
        List.of("write", "rewrite", "random-write", "read", "random-read", "check"),
        result.stages().stream().map(StageResult::name).toList());
  }

  @ParameterizedTest
  @EnumSource(names = {"QUEUE", "SYNC"})
  void countsErrorsByErrnoAndGoesOn(Api api) throws Exception {
    StressResult result =
        run(
            Runs.config(
                file(), api, List.of(Stage.WRITE, Stage.REWRITE), "eio:count=3", "enospc:count=2"));
    assertEquals(Map.of("EIO", 3L, "ENOSPC", 2L), result.errors());
    assertEquals(5, result.failed());
    assertEquals(3 * Runs.RECORDS, result.issued());
    assertEquals(StressResult.IO_ERRORS, result.exitCode());
    assertEquals("", messagesText());
  }

  @Test
  void stopsAtTheFirstError() throws Exception {
    StressConfig config = Runs.config(file(), Api.SYNC, List.of(Stage.WRITE), "eio");
    StressConfig.Limits limits = config.limits();
    StressResult result =
        run(
            new StressConfig(
                config.files(),
                config.shape(),
                config.stages(),
                config.access(),
                new StressConfig.Limits(
                    limits.repeatFor(), limits.waitTimeout(), true, 1000, limits.patience()),
                false,
                1));
    assertTrue(
        result.failed() >= 1 && result.failed() <= config.shape().threads(), result.summary());
    assertEquals(result.issued(), result.failed());
  }

  @Test
  void aFileThatCannotBeOpenedIsAnError() throws Exception {
    StressResult result =
        run(Runs.config(directory.resolve("missing/file"), Api.QUEUE, List.of(Stage.WRITE)));
    // Once for the stage, once for the check.
    assertEquals(Map.of("ENOENT", 2L), result.errors());
    assertEquals(0, result.issued());
    assertEquals(StressResult.IO_ERRORS, result.exitCode());
  }

  @Test
  void aSectorThatTheDeviceDroppedDiffers() throws Exception {
    StressConfig config = Runs.config(file(), Api.QUEUE, List.of(Stage.WRITE, Stage.REWRITE));
    // In the second stage: the file is there, and each write is one I/O.
    StressResult result = run(config, new LyingDevice(LyingDevice.Lie.DROPPED, ios(config) - 5));
    assertEquals(Runs.RECORD_BYTES, result.differing());
    assertEquals(StressResult.DATA_ERRORS, result.exitCode());
    assertTrue(
        messagesText().contains("16 sectors of a record, the first holds version "),
        messagesText());
  }

  @Test
  void aTornWriteDiffersFromWhereItIsTorn() throws Exception {
    StressConfig config = Runs.config(file(), Api.SYNC, List.of(Stage.WRITE, Stage.REWRITE));
    StressResult result = run(config, new LyingDevice(LyingDevice.Lie.TORN, ios(config) - 5));
    assertEquals(Runs.RECORD_BYTES / 2, result.differing());
    assertEquals(StressResult.DATA_ERRORS, result.exitCode());
  }

  /** Returns how many I/Os a run submits to the device. */
  private int ios(StressConfig config) throws Exception {
    LyingDevice honest = new LyingDevice(LyingDevice.Lie.DROPPED, Integer.MAX_VALUE);
    assertEquals(StressResult.OK, run(config, honest).exitCode(), this::messagesText);
    return honest.writes();
  }

  @Test
  void oneWrongBitDiffers() throws Exception {
    AtomicInteger writes = new AtomicInteger();
    StressResult result =
        run(
            Runs.config(file(), Api.QUEUE, List.of(Stage.WRITE)),
            new Cheat() {
              @Override
              public void writing(ByteBuffer memory, long position) {
                if (writes.incrementAndGet() == 7) {
                  memory.put(1000, (byte) (memory.get(1000) ^ 1));
                }
              }
            });
    assertEquals(SectorStamp.SECTOR_BYTES, result.differing());
    assertTrue(messagesText().contains("no stamp of this sector and run"), messagesText());
  }

  @Test
  void aWriteThatLandsAfterAnotherOneDiffers() throws Exception {
    AtomicInteger writes = new AtomicInteger();
    ByteBuffer first = ByteBuffer.allocate(Runs.RECORD_BYTES);
    StressResult result =
        run(
            Runs.config(file(), Api.QUEUE, List.of(Stage.WRITE, Stage.REWRITE, Stage.READ)),
            new Cheat() {
              @Override
              public void writing(ByteBuffer memory, long position) {
                if (position != 0) {
                  return;
                }
                if (writes.incrementAndGet() == 1) {
                  first.put(0, memory, 0, Runs.RECORD_BYTES);
                }
              }

              @Override
              public void ended(RecordWriter.Handler handler, long userData, long result) {
                if (writes.compareAndSet(2, 3)) {
                  // The contents of another buffer when the kernel read it.
                  overwrite(first);
                }
                handler.ended(userData, result);
              }
            });
    // Once in the stage that reads, once in the check.
    assertEquals(2 * Runs.RECORD_BYTES, result.differing(), this::messagesText);
    assertTrue(messagesText().contains("holds version 1, expected version "), messagesText());
  }

  private void overwrite(ByteBuffer contents) {
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      int written = channel.write(contents, 0);
      assertEquals(Runs.RECORD_BYTES, written);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anEndThatComesTwiceIsADuplicate() throws Exception {
    AtomicInteger ends = new AtomicInteger();
    StressResult result =
        run(
            Runs.config(file(), Api.QUEUE, List.of(Stage.WRITE)),
            new Cheat() {
              @Override
              public void ended(RecordWriter.Handler handler, long userData, long result) {
                handler.ended(userData, result);
                if (ends.incrementAndGet() == 9) {
                  handler.ended(userData, result);
                }
              }
            });
    assertEquals(1, result.duplicate());
    assertEquals(result.issued(), result.ended());
    assertEquals(StressResult.ACCOUNTING_BROKEN, result.exitCode());
  }

  @Test
  void anEndOfNoRequestIsUnknown() throws Exception {
    AtomicInteger ends = new AtomicInteger();
    StressResult result =
        run(
            Runs.config(file(), Api.QUEUE, List.of(Stage.WRITE)),
            new Cheat() {
              @Override
              public void ended(RecordWriter.Handler handler, long userData, long result) {
                if (ends.incrementAndGet() == 9) {
                  handler.ended(1_000_000, result);
                }
                handler.ended(userData, result);
              }
            });
    assertEquals(1, result.unknown());
    assertEquals(StressResult.ACCOUNTING_BROKEN, result.exitCode());
  }

  @ParameterizedTest
  @EnumSource(names = {"QUEUE", "SYNC"})
  void aRequestThatNeverEndsLeavesAStuckThread(Api api) throws Exception {
    StressConfig config = Runs.impatient(file(), api);
    StressResult result = run(config, new LyingDevice(LyingDevice.Lie.SILENT, 9));
    assertEquals(1, result.issued() - result.ended(), result.summary());
    assertEquals(1, result.threadsLeft());
    assertEquals(StressResult.ACCOUNTING_BROKEN, result.exitCode());
    assertTrue(
        messagesText().contains("stuck: nothing has ended for a thread in 2 s"), messagesText());
  }
}
