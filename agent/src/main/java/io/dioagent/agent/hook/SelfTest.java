package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import io.dioagent.agent.options.Glob;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.Observation;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.EnumSet;
import java.util.Set;

/**
 * Proves with real calls that the hooks are in place: opens {@code /dev/null}, writes and reads in
 * every way that is woven, forces and closes, and checks which calls arrived. Only that is certain:
 * other agents and JVM flags can leave a class as it was.
 */
public final class SelfTest {
  private enum Seen {
    OPEN,
    WRITE,
    PWRITE,
    WRITEV,
    READ,
    PREAD,
    READV,
    FORCE,
    STREAM_BYTE,
    STREAM_BYTES,
    STREAM_READ,
    CLOSE
  }

  private SelfTest() {}

  /**
   * Runs the test with an installed hook.
   *
   * @return null, or the operations that did not arrive
   */
  public static String run(FileHook hook) throws IOException {
    Set<Seen> missing = EnumSet.allOf(Seen.class);
    FileDescriptor descriptor;
    int number;
    int written;
    int read;
    try (RandomAccessFile stream = new RandomAccessFile("/dev/null", "rw")) {
      descriptor = stream.getFD();
      number = Redirection.numberOf(descriptor);
      FileChannel channel = stream.getChannel();
      if (hook.knows(number, descriptor)) {
        missing.remove(Seen.OPEN);
      }
      TagRule rule = new TagRule("self-test", Glob.of("/dev/null"), FilePolicy.DEFAULT);
      hook.redirect(descriptor, rule, new Probe(missing));
      ByteBuffer oneByte = ByteBuffer.allocateDirect(1);
      written = channel.write(oneByte.duplicate());
      written += channel.write(oneByte.duplicate(), 0);
      written += (int) channel.write(new ByteBuffer[] {oneByte, oneByte.duplicate()});
      read = channel.read(ByteBuffer.allocateDirect(1));
      read += channel.read(ByteBuffer.allocateDirect(1), 0);
      read +=
          (int)
              channel.read(
                  new ByteBuffer[] {ByteBuffer.allocateDirect(1), ByteBuffer.allocateDirect(1)});
      force(channel);
      stream.write(1);
      stream.write(new byte[1]);
      read += stream.read(new byte[1]);
    }
    if (!hook.knows(number, descriptor)) {
      missing.remove(Seen.CLOSE);
    }
    if (!missing.isEmpty()) {
      return missing.toString();
    }
    return written == 4 && read == 5
        ? null
        : written + " bytes written of 4, " + read + " read of 5";
  }

  /** Forces the device, which refuses that: an error means that the hook did not get the call. */
  private static void force(FileChannel channel) {
    try {
      channel.force(true);
    } catch (IOException e) {
      AgentLog.debug("self-test: force: " + e.getMessage());
    }
  }

  /** Reports success, and records which operations arrived. */
  private static final class Probe implements Target {
    private final Set<Seen> missing;

    Probe(Set<Seen> missing) {
      this.missing = missing;
    }

    @Override
    public long write(FileDescriptor descriptor, CallMemory source, long position) {
      missing.remove(
          seen(source, position, Seen.WRITE, Seen.PWRITE, Seen.WRITEV, Seen.STREAM_BYTES));
      return source.lengthBytes();
    }

    @Override
    public long writeByte(FileDescriptor descriptor, int value) {
      missing.remove(Seen.STREAM_BYTE);
      return 0;
    }

    @Override
    public boolean letsKernelTransfer() {
      return false;
    }

    @Override
    public Observation observeTransfer() {
      return null;
    }

    @Override
    public long read(FileDescriptor descriptor, CallMemory sink, long position) {
      missing.remove(seen(sink, position, Seen.READ, Seen.PREAD, Seen.READV, Seen.STREAM_READ));
      return sink.lengthBytes();
    }

    private static Seen seen(
        CallMemory memory, long position, Seen plain, Seen at, Seen vector, Seen stream) {
      if (memory instanceof Iovecs) {
        return vector;
      }
      if (memory instanceof ArrayRange) {
        return stream;
      }
      return position == CallMemory.OWN_OFFSET ? plain : at;
    }

    @Override
    public long force(FileDescriptor descriptor, boolean metadata) {
      missing.remove(Seen.FORCE);
      return 0;
    }

    @Override
    public boolean mayCloseEarly() {
      return true;
    }

    @Override
    public void close() {}
  }
}
