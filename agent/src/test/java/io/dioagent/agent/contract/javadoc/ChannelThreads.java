package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.createReadWrite;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Several threads on one file. Their order is not determined, so the file is removed before the
 * comparison.
 */
final class ChannelThreads {
  private static final int THREADS = 4;
  private static final int RECORDS = 60;

  private ChannelThreads() {}

  static void addTo(Cases cases) {
    Cases.Of channel = cases.of(FileChannel.class);
    oneAfterTheOther(channel);
    concurrently(channel);
  }

  private static void oneAfterTheOther(Cases.Of channel) {
    for (int length : new int[] {500, 4096, 20_001}) {
      channel.add(
          "Only one operation that involves the channel's position or can change its file's size"
              + " may be in progress at any given time",
          (side, seen) -> {
            FileChannel opened = side.open(createReadWrite());
            all(seen, thread -> opened.write(ByteBuffer.wrap(Bytes.of(thread, length))));
            seen.is("position", (long) THREADS * RECORDS * length, opened.position());
            expectRecords(side, seen, length);
          });
      channel.add(
          "In this mode each invocation of a relative write operation first advances the position"
              + " to the end of the file and then writes the requested data.",
          (side, seen) -> {
            FileChannel[] each = new FileChannel[THREADS];
            for (int i = 0; i < THREADS; i++) {
              each[i] = side.open(CREATE, APPEND);
            }
            all(seen, thread -> each[thread].write(ByteBuffer.wrap(Bytes.of(thread, length))));
            expectRecords(side, seen, length);
          });
    }
  }

  private static void concurrently(Cases.Of channel) {
    channel.add(
        "Other operations, in particular those that take an explicit position, may proceed"
            + " concurrently",
        (side, seen) -> {
          FileChannel opened = side.open(createReadWrite());
          int length = 5000;
          all(
              seen,
              thread -> {
                int written = 0;
                for (int i = 0; i < RECORDS; i++) {
                  long at = (long) (i * THREADS + thread) * length;
                  written += opened.write(ByteBuffer.wrap(Bytes.of(thread, length)), at);
                }
                return written / RECORDS;
              },
              1);
          seen.is("position", 0, opened.position());
          expectRecords(side, seen, length);
        });
    channel.add(
        "File channels are safe for use by multiple concurrent threads.",
        (side, seen) -> {
          byte[] before = side.fill(200_000);
          FileChannel one = side.open(READ, WRITE);
          FileChannel two = side.open(READ, WRITE);
          byte[] first = new byte[50_000];
          byte[] second = new byte[50_000];
          Arrays.fill(first, (byte) 1);
          Arrays.fill(second, (byte) 2);
          all(
              seen,
              thread ->
                  (thread % 2 == 0 ? one : two)
                      .write(ByteBuffer.wrap(thread % 2 == 0 ? first : second), 1000));
          byte[] content = Files.readAllBytes(side.file());
          boolean oneOfBoth = true;
          for (int i = 1000; i < 51_000; i++) {
            oneOfBoth &= content[i] == 1 || content[i] == 2;
          }
          seen.holds("one of both", oneOfBoth);
          seen.holds("before", Arrays.equals(before, 0, 1000, content, 0, 1000));
          seen.holds("after", Arrays.equals(before, 51_000, 200_000, content, 51_000, 200_000));
          Files.delete(side.file());
        });
  }

  @FunctionalInterface
  private interface Work {
    /** Answers the bytes written. */
    int run(int thread) throws Exception;
  }

  private static void all(Seen seen, Work work) throws Exception {
    all(seen, work, RECORDS);
  }

  /** Does the work in all threads at once, so many times each. */
  private static void all(Seen seen, Work work, int times) throws Exception {
    List<Blocked> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      threads.add(
          Blocked.in(
              () -> {
                TreeMap<Integer, Integer> answers = new TreeMap<>();
                for (int time = 0; time < times; time++) {
                  answers.merge(work.run(thread), 1, Integer::sum);
                }
                return answers;
              }));
    }
    for (Blocked thread : threads) {
      seen.value("answers", thread.outcome());
    }
  }

  /** Each thread's record is there as often as it was written, whole, and nothing else. */
  private static void expectRecords(Side side, Seen seen, int length) throws Exception {
    byte[] content = Files.readAllBytes(side.file());
    seen.is("size", THREADS * RECORDS * length, content.length);
    int[] counts = new int[THREADS];
    for (int at = 0; at + length <= content.length; at += length) {
      for (int thread = 0; thread < THREADS; thread++) {
        if (Arrays.equals(content, at, at + length, Bytes.of(thread, length), 0, length)) {
          counts[thread]++;
        }
      }
    }
    for (int thread = 0; thread < THREADS; thread++) {
      seen.is("records of " + thread, RECORDS, counts[thread]);
    }
    Files.delete(side.file());
  }
}
