package io.dioagent.agent.contract.random;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;

/** The ways to read a file anew, as a stream. */
enum Reading {
  FILES_STREAM {
    @Override
    InputStream open(Path file) throws IOException {
      return Files.newInputStream(file);
    }
  },
  FILE_INPUT_STREAM {
    @Override
    InputStream open(Path file) throws IOException {
      return new FileInputStream(file.toFile());
    }
  },
  BYTE_CHANNEL {
    @Override
    InputStream open(Path file) throws IOException {
      return Channels.newInputStream(Files.newByteChannel(file));
    }
  },
  FILE_CHANNEL {
    @Override
    InputStream open(Path file) throws IOException {
      FileChannel channel = FileChannel.open(file);
      return new AtOffset() {
        @Override
        int read(long offset, byte[] bytes, int from, int length) throws IOException {
          ByteBuffer buffer = ByteBuffer.allocateDirect(length);
          int count = channel.read(buffer, offset);
          buffer.flip().get(bytes, from, buffer.limit());
          return count;
        }

        @Override
        public void close() throws IOException {
          channel.close();
        }
      };
    }
  },
  RANDOM_ACCESS_FILE {
    @Override
    InputStream open(Path path) throws IOException {
      RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
      return new AtOffset() {
        @Override
        int read(long offset, byte[] bytes, int from, int length) throws IOException {
          file.seek(offset);
          return file.read(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
          file.close();
        }
      };
    }
  },
  ASYNCHRONOUS_CHANNEL {
    @Override
    InputStream open(Path file) throws IOException {
      AsynchronousFileChannel channel = AsynchronousFileChannel.open(file);
      return new AtOffset() {
        @Override
        int read(long offset, byte[] bytes, int from, int length) throws IOException {
          try {
            return channel.read(ByteBuffer.wrap(bytes, from, length), offset).get();
          } catch (ExecutionException e) {
            throw new IOException(e);
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        }

        @Override
        public void close() throws IOException {
          channel.close();
        }
      };
    }
  },
  MAPPING {
    @Override
    InputStream open(Path file) throws IOException {
      FileChannel channel = FileChannel.open(file);
      return new AtOffset() {
        @Override
        int read(long offset, byte[] bytes, int from, int length) throws IOException {
          int count = (int) Math.min(length, channel.size() - offset);
          if (count <= 0) {
            return -1;
          }
          channel.map(MapMode.READ_ONLY, offset, count).get(bytes, from, count);
          return count;
        }

        @Override
        public void close() throws IOException {
          channel.close();
        }
      };
    }
  };

  /** One of them; one that has a file written synchronously only if it may be. */
  static Reading any(Dice dice, boolean mayHold) {
    Reading any = dice.oneOf(values());
    boolean holds = any == MAPPING || any == RANDOM_ACCESS_FILE;
    return holds && !mayHold ? FILE_CHANNEL : any;
  }

  /** Opens a file to be read from its start. */
  abstract InputStream open(Path file) throws IOException;

  /** Reads each time at an offset. Not thread-safe. */
  private abstract static class AtOffset extends InputStream {
    private long next;

    /** As {@link InputStream#read(byte[], int, int)}; the length is more than 0. */
    abstract int read(long offset, byte[] bytes, int from, int length) throws IOException;

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int count = length == 0 ? 0 : read(next, bytes, from, length);
      next += Math.max(0, count);
      return count;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public void skipNBytes(long count) {
      next += count;
    }
  }
}
