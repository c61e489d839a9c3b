package io.dioagent.agent.kill;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutionException;

/**
 * Writes until it is killed, in each way to a file of its own. Arguments: the directory of the
 * files, the journal, a seed, a {@link Defect}.
 */
public final class KilledApp {
  private KilledApp() {}

  /** Does not end by itself. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    Journal journal = Journal.at(Path.of(args[1]));
    long seed = Long.parseLong(args[2]);
    Defect defect = Defect.valueOf(args[3]);
    for (Way way : Way.values()) {
      File file = open(way, directory.resolve(way.name()));
      Plan plan = new Plan(way, seed);
      new Thread(() -> write(way, file, plan, journal, defect), way.name()).start();
    }
    System.out.println("ready");
  }

  /** The one writer of a file. */
  private interface File {
    /** Writes all of a buffer. */
    void write(ByteBuffer data, int offset) throws IOException;

    void force() throws IOException;
  }

  private static void write(Way way, File file, Plan plan, Journal journal, Defect defect) {
    try {
      while (plan.next()) {
        int version = plan.version();
        ByteBuffer data = data(plan);
        int offset = plan.offset();
        journal.starts(way, version);
        if (!defect.strikes(version)) {
          file.write(data, offset);
        } else if (defect == Defect.EXTRA_BYTES) {
          file.write(data, offset);
          file.write(ByteBuffer.allocate(1), Plan.APPEND_LIMIT_BYTES);
        } else if (defect == Defect.HOLE) {
          file.write(data.position(1), offset + 1);
        }
        journal.returned(way, version);
        if (plan.forced()) {
          file.force();
          journal.forced(way, version);
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static ByteBuffer data(Plan plan) {
    int length = plan.lengthBytes();
    ByteBuffer data =
        plan.version() % 2 == 0 ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
    for (int i = 0; i < length; i++) {
      data.put(i, Plan.content(plan.version(), plan.offset() + i));
    }
    return data;
  }

  private static File open(Way way, Path path) throws IOException {
    return switch (way) {
      case CHANNEL, POSITIONAL, GATHER, APPEND -> {
        FileChannel channel =
            FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                way == Way.APPEND ? StandardOpenOption.APPEND : StandardOpenOption.WRITE);
        yield new ChannelFile(channel, way);
      }
      case RANDOM_ACCESS_FILE -> new RandomAccess(new RandomAccessFile(path.toFile(), "rw"));
      case STREAM -> new Stream(new FileOutputStream(path.toFile()));
      case ASYNCHRONOUS ->
          new Asynchronous(
              AsynchronousFileChannel.open(
                  path, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    };
  }

  private static byte[] bytes(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    return bytes;
  }

  private record ChannelFile(FileChannel channel, Way way) implements File {
    @Override
    public void write(ByteBuffer data, int offset) throws IOException {
      if (way == Way.CHANNEL || way == Way.GATHER) {
        if (channel.position() != offset) {
          channel.position(offset);
        }
      }
      int at = offset;
      while (data.hasRemaining()) {
        at +=
            switch (way) {
              case POSITIONAL -> channel.write(data, at);
              case GATHER -> {
                ByteBuffer first = data.duplicate();
                int third = data.position() + data.remaining() / 3;
                first.limit(third);
                ByteBuffer rest = data.duplicate().position(third);
                int written = (int) channel.write(new ByteBuffer[] {first, rest});
                data.position(data.position() + written);
                yield written;
              }
              default -> channel.write(data);
            };
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }
  }

  private record RandomAccess(RandomAccessFile file) implements File {
    @Override
    public void write(ByteBuffer data, int offset) throws IOException {
      file.seek(offset);
      file.write(bytes(data));
    }

    @Override
    public void force() throws IOException {
      file.getFD().sync();
    }
  }

  private record Stream(FileOutputStream stream) implements File {
    @Override
    public void write(ByteBuffer data, int offset) throws IOException {
      if (stream.getChannel().position() != offset) {
        stream.getChannel().position(offset);
      }
      stream.write(bytes(data));
    }

    @Override
    public void force() throws IOException {
      stream.getFD().sync();
    }
  }

  private record Asynchronous(AsynchronousFileChannel channel) implements File {
    @Override
    public void write(ByteBuffer data, int offset) throws IOException {
      int at = offset;
      while (data.hasRemaining()) {
        try {
          at += channel.write(data, at).get();
        } catch (InterruptedException | ExecutionException e) {
          throw new IOException(e);
        }
      }
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }
  }
}
