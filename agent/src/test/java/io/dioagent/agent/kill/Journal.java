package io.dioagent.agent.kill;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * How far each writer has come, in memory that a file shares: it outlives a kill at any moment.
 * Written by each writer for itself, read when all have ended.
 */
final class Journal {
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final int BYTES_PER_WRITER = 64;

  private final ByteBuffer memory;

  private Journal(ByteBuffer memory) {
    this.memory = memory;
  }

  static Journal at(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long size = (long) Way.values().length * BYTES_PER_WRITER;
      return new Journal(channel.map(FileChannel.MapMode.READ_WRITE, 0, size));
    }
  }

  private enum Mark {
    STARTED,
    RETURNED,
    FORCED
  }

  private static final List<Way> WAYS = List.of(Way.values());
  private static final List<Mark> MARKS = List.of(Mark.values());

  private static int place(Way way, Mark mark) {
    return WAYS.indexOf(way) * BYTES_PER_WRITER + MARKS.indexOf(mark) * Long.BYTES;
  }

  private void set(Way way, Mark mark, int version) {
    LONG.setVolatile(memory, place(way, mark), (long) version);
  }

  private int get(Way way, Mark mark) {
    return (int) (long) LONG.getVolatile(memory, place(way, mark));
  }

  /** A write begins. */
  void starts(Way way, int version) {
    set(way, Mark.STARTED, version);
  }

  /** A write has returned. */
  void returned(Way way, int version) {
    set(way, Mark.RETURNED, version);
  }

  /** A force has returned that came after this write. */
  void forced(Way way, int version) {
    set(way, Mark.FORCED, version);
  }

  /** The last write that began; 0 for none. */
  int lastStarted(Way way) {
    return get(way, Mark.STARTED);
  }

  /** The last write that returned; 0 for none. */
  int lastReturned(Way way) {
    return get(way, Mark.RETURNED);
  }

  /** The last write before the last force that returned; 0 for none. */
  int lastForced(Way way) {
    return get(way, Mark.FORCED);
  }
}
