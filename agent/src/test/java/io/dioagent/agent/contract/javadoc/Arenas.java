package io.dioagent.agent.contract.javadoc;

import static io.dioagent.agent.contract.javadoc.Lengths.UNALIGNED;
import static io.dioagent.agent.contract.javadoc.Lengths.createReadWrite;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.dioagent.agent.contract.Bytes;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** Buffers and mappings of arenas. By reflection: the oldest JDK to compile with has none. */
final class Arenas {
  /** The first JDK with arenas. */
  private static final int FEATURE = 22;

  private static final String FROM =
      "This byte sequence will be transferred from the buffer starting at index p, where p is the"
          + " buffer's position at the moment this method is invoked";

  private Arenas() {}

  static void addTo(Cases cases) {
    Cases.Of writable = cases.of(WritableByteChannel.class, FEATURE);
    for (String kind : new String[] {"ofConfined", "ofShared", "ofAuto", "global"}) {
      writable.add(
          FROM,
          (side, seen) -> {
            FileChannel opened = side.open(createReadWrite());
            Object arena = arena(kind);
            for (int length : Lengths.ALL) {
              ByteBuffer buffer = buffer(arena, Bytes.of(length, length));
              seen.is("written", length, opened.write(buffer));
              seen.buffer("buffer", buffer);
              ByteBuffer[] both = {buffer.flip(), ByteBuffer.allocate(5), buffer.duplicate()};
              seen.is("gathered", 2 * length + 5, opened.write(both));
              seen.is("read", length, opened.read(buffer.clear(), 0));
            }
            seen.channel("channel", opened);
          });
    }
    writable.add(FROM, Arenas::closed);
    writable.add(FROM, Arenas::anothersThread);
    cases
        .of(AsynchronousFileChannel.class, FEATURE)
        .add("The buffer from which bytes are to be transferred", Arenas::asynchronous);
    cases
        .of(FileChannel.class, FEATURE)
        .add(
            "Maps a region of this channel's file into a new mapped memory segment, with the given"
                + " offset, size and arena.",
            Arenas::mapped);
  }

  private static Object arena(String kind) throws Exception {
    return Class.forName("java.lang.foreign.Arena").getMethod(kind).invoke(null);
  }

  private static ByteBuffer buffer(Object arena, byte[] bytes) throws Exception {
    Object segment =
        Class.forName("java.lang.foreign.Arena")
            .getMethod("allocate", long.class, long.class)
            .invoke(arena, (long) bytes.length, 1L);
    return asBuffer(segment).put(bytes).flip();
  }

  private static ByteBuffer asBuffer(Object segment) throws Exception {
    return (ByteBuffer)
        Class.forName("java.lang.foreign.MemorySegment").getMethod("asByteBuffer").invoke(segment);
  }

  private static void close(Object arena) throws Exception {
    try {
      Class.forName("java.lang.foreign.Arena").getMethod("close").invoke(arena);
    } catch (InvocationTargetException e) {
      throw (Exception) e.getCause();
    }
  }

  private static void closed(Side side, Seen seen) throws Exception {
    FileChannel opened = side.open(createReadWrite());
    seen.is("written", 5000, opened.write(ByteBuffer.wrap(Bytes.of(1, 5000))));
    for (String kind : new String[] {"ofConfined", "ofShared"}) {
      for (int length : new int[] {100, 8192, UNALIGNED}) {
        Object arena = arena(kind);
        ByteBuffer buffer = buffer(arena, Bytes.of(1, length));
        close(arena);
        Class<IllegalStateException> illegal = IllegalStateException.class;
        seen.fails(illegal, "write", () -> opened.write(buffer));
        seen.fails(illegal, "write at", () -> opened.write(buffer, 3));
        ByteBuffer other = ByteBuffer.allocate(10);
        seen.fails(illegal, "gather", () -> opened.write(new ByteBuffer[] {other, buffer}));
        seen.fails(illegal, "read", () -> opened.read(buffer, 0));
        seen.buffer("buffer", buffer);
        seen.buffer("other", other);
        seen.channel("channel", opened);
      }
    }
  }

  private static void anothersThread(Side side, Seen seen) throws Exception {
    FileChannel opened = side.open(createReadWrite());
    ByteBuffer buffer = buffer(arena("ofConfined"), Bytes.of(1, UNALIGNED));
    seen.is("elsewhere", "WrongThreadException", Blocked.in(() -> opened.write(buffer)).outcome());
    seen.is(
        "elsewhere at",
        "WrongThreadException",
        Blocked.in(() -> opened.write(buffer, 5)).outcome());
    seen.buffer("buffer", buffer);
    seen.is("here", UNALIGNED, opened.write(buffer));
    seen.channel("channel", opened);
  }

  private static void asynchronous(Side side, Seen seen) throws Exception {
    side.fill(5000);
    AsynchronousFileChannel opened =
        side.keep(AsynchronousFileChannel.open(side.file(), READ, WRITE));
    Object shared = arena("ofShared");
    ByteBuffer buffer = buffer(shared, Bytes.of(1, UNALIGNED));
    seen.is("written", UNALIGNED, opened.write(buffer, 0).get());
    seen.buffer("buffer", buffer);
    seen.is("read", UNALIGNED, opened.read(buffer.clear(), 0).get());
    // Of a confined or closed one the JDK itself never ends the operation: nothing to compare.
    close(shared);
    seen.is("size", UNALIGNED, opened.size());
  }

  private static void mapped(Side side, Seen seen) throws Exception {
    byte[] expected = side.fill(UNALIGNED);
    FileChannel opened = side.open(READ, WRITE);
    Object arena = arena("ofShared");
    Method map =
        FileChannel.class.getMethod(
            "map",
            FileChannel.MapMode.class,
            long.class,
            long.class,
            Class.forName("java.lang.foreign.Arena"));
    ByteBuffer view =
        asBuffer(map.invoke(opened, FileChannel.MapMode.READ_WRITE, 0L, (long) UNALIGNED, arena));
    view.put(100, (byte) 5);
    expected[100] = 5;
    byte[] bytes = Bytes.of(3, 8192);
    seen.is("written", 8192, opened.write(ByteBuffer.wrap(bytes), 8192));
    expected = Lengths.overwritten(expected, 8192, bytes);
    byte[] all = new byte[UNALIGNED];
    view.get(0, all);
    seen.content("mapping", expected, all);
    seen.is("from the mapping", 4096, opened.write(view.slice(0, 4096), 20_000));
    System.arraycopy(expected, 0, expected, 20_000, 4096);
    seen.content("content", expected, side.file());
    close(arena);
    seen.fails(IllegalStateException.class, "unmapped", () -> opened.write(view.slice(0, 4096), 0));
  }
}
