package io.dioagent.jmc.report;

import io.dioagent.events.DioEvents;
import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.Setting;
import io.dioagent.runtime.engine.ChosenEngine;
import io.dioagent.runtime.engine.EngineKind;
import io.dioagent.runtime.fault.FaultRule;
import io.dioagent.runtime.fault.FaultyEngine;
import io.dioagent.runtime.jfr.JfrEventSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;

/** Records the real runtime for the tests, with or without faults. */
final class Activity {
  static final int BLOCK = 4096;

  private static final FilePolicy IMPATIENT =
      FilePolicy.DEFAULT.withDeadline(Duration.ofMillis(400));

  private Activity() {}

  /** Work to be recorded. */
  interface Work {
    void run(EventSink events) throws Exception;
  }

  /** Records some work with all events, in this JVM. */
  static Path record(Path recordingFile, Work work) throws Exception {
    // Once closed, it adds no events to the recordings of other tests.
    try (JfrEventSink events = new JfrEventSink();
        Recording recording = new Recording(DioEvents.configuration())) {
      // A test is too short for samples a second apart.
      recording.enable("io.dioagent.RuntimeStatistics").withPeriod(Duration.ofMillis(20));
      recording.start();
      work.run(events);
      recording.stop();
      recording.dump(recordingFile);
    }
    return recordingFile;
  }

  /** Writes a file whose blocks are on the disk. */
  private static Path written(Path file, int lengthBytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(lengthBytes));
      channel.force(true);
    }
    return file;
  }

  private static void settings(EventSink events) {
    events.configurationFrom(
        () ->
            List.of(
                new Setting("tag", "/data/**", "agent arguments"),
                new Setting("deadline", "400ms", "system property"),
                new Setting("write", "sync", "default")));
  }

  /** Writes without errors; one of ten writes is not aligned. */
  static void healthy(Path file, int writes, EventSink events) throws Exception {
    settings(events);
    try (DirectRuntime runtime =
            DirectRuntime.start(RuntimeOptions.DEFAULT, events, new ChosenEngine(EngineKind.AUTO));
        DirectFile open = runtime.open(written(file, 64 * BLOCK), FilePolicy.DEFAULT)) {
      for (int i = 0; i < writes; i++) {
        int length = i % 10 == 9 ? 1000 : BLOCK;
        int count = open.write(ByteBuffer.allocate(length), (long) i % 64 * BLOCK);
        check(count == length, "a write returned " + count);
      }
      open.force(true);
    }
  }

  /**
   * Causes a lost, a late, a duplicate and an unknown completion, an EIO and a collision, all in
   * one file, which may have any name.
   */
  static void faulty(Path file, EventSink events) throws Exception {
    settings(events);
    List<FaultRule> faults =
        List.of(
            FaultRule.parse("lose:offset=0-4k:count=1"),
            FaultRule.parse("late:offset=8k-12k:count=1:for=900ms"),
            FaultRule.parse("duplicate:offset=16k-20k:count=1"),
            FaultRule.parse("eio:offset=24k-28k:count=1"),
            FaultRule.parse("invalidate-eio:offset=32k-36k:count=1"));
    Files.createDirectories(file.getParent());
    try (DirectRuntime runtime =
            DirectRuntime.start(
                RuntimeOptions.DEFAULT,
                events,
                new FaultyEngine(new ChosenEngine(EngineKind.AUTO), faults, events));
        DirectFile open = runtime.open(written(file, 64 * BLOCK), IMPATIENT)) {
      for (int block = 0; block < 64; block++) {
        try {
          int count = open.write(ByteBuffer.allocate(BLOCK), (long) block * BLOCK);
          check(count == BLOCK, "a write returned " + count);
        } catch (IOException e) {
          check(block == 0 || block == 2 || block == 6, "block " + block + ": " + e);
        }
      }
      events.unknownCompletion(42, BLOCK);
      long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (runtime.statistics().late() < 1 || runtime.statistics().duplicates() < 1) {
        check(System.nanoTime() < until, "never late or twice: " + runtime.statistics());
        if (runtime.statistics().duplicates() < 1) {
          // The duplicate is found when its context reaps again.
          int unused = open.write(ByteBuffer.allocate(BLOCK), 40L * BLOCK);
        }
        Thread.sleep(5);
      }
    }
  }

  /** Records an event without a real write, which allows large numbers and impossible names. */
  static void write(EventSink events, RequestInfo request, long result) {
    Object token = events.beginWrite();
    events.endWrite(token, request, result, Math.max(0, result), 0, 1);
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
