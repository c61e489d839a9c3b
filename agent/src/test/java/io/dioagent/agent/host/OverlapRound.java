package io.dioagent.agent.host;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One round on one file: writes at the same time, and the permitted content afterwards. All bytes
 * of a write have the same value, which no other write has.
 */
final class OverlapRound {
  static final int BLOCK = 4096;

  /** One write: its value and its range. */
  record Extent(int offset, int length, byte value) {
    ByteBuffer bytes() {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, value);
      return ByteBuffer.wrap(bytes);
    }

    boolean covers(int at) {
      return at >= offset && at - offset < length;
    }
  }

  /** Makes one write. */
  interface Writer {
    void write(Extent extent) throws Exception;
  }

  private final AtomicInteger writeErrors;
  private final byte[] before;
  private final List<Extent> extents = new ArrayList<>();

  /** A round on a file that has these bytes. */
  OverlapRound(byte[] before, AtomicInteger writeErrors) {
    this.before = before;
    this.writeErrors = writeErrors;
  }

  /** One more write, which must not fail. */
  Extent add(int offset, int length) {
    Extent extent = new Extent(offset, length, (byte) (extents.size() + 1));
    extents.add(extent);
    return extent;
  }

  Extent addRandom(Random random) {
    return add(random.nextInt(40_000), 1 + random.nextInt(12_000));
  }

  /** Makes all writes at once, by a thread each. */
  void writeAtOnce(List<Writer> writers) throws InterruptedException {
    CyclicBarrier start = new CyclicBarrier(extents.size());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < extents.size(); i++) {
      Extent extent = extents.get(i);
      Writer writer = writers.get(i % writers.size());
      Thread thread =
          new Thread(
              () -> {
                try {
                  start.await();
                  writer.write(extent);
                } catch (Exception e) {
                  failed(extent, e);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  void failed(Extent extent, Exception e) {
    writeErrors.incrementAndGet();
    System.out.println("write of " + extent + ": " + e + ", " + e.getCause());
  }

  /** Whether each byte is one of those that were written there, or as before where none was. */
  boolean isRight(Path file) throws Exception {
    byte[] content = Files.readAllBytes(file);
    int end = before.length;
    for (Extent extent : extents) {
      end = Math.max(end, extent.offset + extent.length);
    }
    if (content.length != end) {
      System.out.println("length " + content.length + ", expected " + end + ": " + extents);
      return false;
    }
    for (int at = 0; at < end; at++) {
      if (!isRight(at, content[at])) {
        System.out.println("byte " + at + " is " + content[at] + ": " + extents);
        return false;
      }
    }
    return true;
  }

  private boolean isRight(int at, byte value) {
    boolean covered = false;
    for (Extent extent : extents) {
      if (extent.covers(at)) {
        covered = true;
        if (value == extent.value) {
          return true;
        }
      }
    }
    return !covered && value == (at < before.length ? before[at] : 0);
  }
}
