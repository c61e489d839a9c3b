package io.dioagent.agent.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.RunningJvm;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * With {@code write=behind} the page cache has the bytes when a write returns, and does not keep
 * them; a file that was cached before stays so.
 */
class BehindIT {
  private static final int PAGE_BYTES = 4096;

  /** The share of a file's pages that may stay. */
  private static final double MOST_LEFT = 0.01;

  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LOOK_MILLIS = 50;

  private final Scratch scratch = Scratch.onDisk();

  @AfterEach
  void removeScratch() {
    scratch.close();
  }

  /** Returns the share of a file's pages that are in the page cache, by mincore(2). */
  private static double cached(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long bytes = channel.size();
      MappedByteBuffer all = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes);
      int pages = 0;
      int there = 0;
      for (int at = 0; at < bytes; at += PAGE_BYTES) {
        MappedByteBuffer page = all.slice(at, (int) Math.min(PAGE_BYTES, bytes - at));
        pages++;
        there += page.isLoaded() ? 1 : 0;
      }
      return (double) there / pages;
    }
  }

  /** Returns the share that is left, once that is little or the time is up. */
  private static double left(Path file) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    double left = cached(file);
    while (left > MOST_LEFT && System.nanoTime() - begin < LONGEST_NANOS) {
      Thread.sleep(LOOK_MILLIS);
      left = cached(file);
    }
    return left;
  }

  @Test
  void nothingStaysInThePageCache() throws Exception {
    Need.directWrites(scratch.directory());
    Path data = scratch.newDirectory("data");
    BehindApp.makeKept(data);
    FlightRecording recording = new FlightRecording(scratch.directory());
    AgentJvm jvm =
        AgentJvm.of(BehindApp.class, data.toString())
            .agent("write=behind,tag=" + data + "/**")
            .jvm(recording.jvmArguments());
    try (RunningJvm app = jvm.start()) {
      app.awaitOut("closed\n");
      TreeMap<String, Double> left = new TreeMap<>();
      for (String way : BehindApp.WAYS) {
        left.put(way, left(data.resolve(way)));
      }
      double kept = cached(data.resolve(BehindApp.KEPT));
      System.out.println("left in the page cache: " + left + ", of what was there: " + kept);
      assertTrue(left.values().stream().allMatch(share -> share <= MOST_LEFT), left::toString);
      assertTrue(kept >= 1 - MOST_LEFT, "kept " + kept);
      app.send("end");
      assertEquals("", app.await().expectExit(0).err());
    }
    byte[] expected = BehindApp.content();
    for (String way : BehindApp.WAYS) {
      assertArrayEquals(expected, Files.readAllBytes(data.resolve(way)), way);
    }
    assertArrayEquals(expected, Files.readAllBytes(data.resolve(BehindApp.KEPT)));
    assertRecorded(recording.read());
  }

  private static void assertRecorded(Recorded recorded) {
    TreeMap<String, Long> bytes = new TreeMap<>();
    for (RecordedEvent write : recorded.events("Write")) {
      String file = write.getString("path").replaceAll(".*/", "");
      bytes.merge(file, write.getLong("bufferedBytes"), Long::sum);
    }
    TreeMap<String, Long> expected = new TreeMap<>();
    expected.put(BehindApp.KEPT, (long) BehindApp.FILE_BYTES);
    for (String way : BehindApp.WAYS) {
      expected.put(way, (long) BehindApp.FILE_BYTES);
    }
    assertEquals(expected, bytes, recorded::toString);
    assertEquals(0, recorded.directBytes(), recorded::toString);
    assertEquals(List.of(), recorded.events("BufferedFallback"));
  }
}
