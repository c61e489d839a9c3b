package io.dioagent.bench.work;

import io.dioagent.bench.io.DirectFiles;
import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.jfr.JfrEventSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes blocks with blocking writes. */
public interface SyncWriter extends AutoCloseable {

  /** Writes the remaining bytes of the buffer, or fewer, as write(2). */
  int write(ByteBuffer block, long position) throws IOException;

  /**
   * Writes a whole block, with the pattern of its position.
   *
   * @throws IOException if not all of it was written
   */
  default void writeBlock(ByteBuffer block, Pattern pattern, long position) throws IOException {
    pattern.stamp(block, position);
    block.clear();
    int count = write(block, position);
    if (count != block.capacity()) {
      throw new IOException(count + " of " + block.capacity() + " bytes written at " + position);
    }
  }

  @Override
  void close() throws IOException;

  /** The APIs for blocking writes. */
  enum Kind {
    /** A plain channel; direct under the agent. */
    CHANNEL {
      @Override
      public SyncWriter open(Path file) throws IOException {
        return channel(file, StandardOpenOption.WRITE);
      }
    },

    /** A channel with the JDK's direct I/O. */
    JDK_DIRECT {
      @Override
      public SyncWriter open(Path file) throws IOException {
        return channel(file, StandardOpenOption.WRITE, DirectFiles.DIRECT);
      }
    },

    /** The runtime without the agent. */
    RUNTIME {
      @Override
      public SyncWriter open(Path file) throws IOException {
        return runtime(file);
      }
    };

    /** Opens an existing file. */
    public abstract SyncWriter open(Path file) throws IOException;

    private static SyncWriter channel(Path file, OpenOption... options) throws IOException {
      FileChannel channel = FileChannel.open(file, options);
      return new SyncWriter() {
        @Override
        public int write(ByteBuffer block, long position) throws IOException {
          return channel.write(block, position);
        }

        @Override
        public void close() throws IOException {
          channel.close();
        }
      };
    }

    private static SyncWriter runtime(Path path) throws IOException {
      JfrEventSink events = new JfrEventSink();
      DirectRuntime runtime = DirectRuntime.start(RuntimeOptions.DEFAULT, events);
      DirectFile file = runtime.open(path, FilePolicy.DEFAULT.withFallbackAllowed(false));
      return new SyncWriter() {
        @Override
        public int write(ByteBuffer block, long position) throws IOException {
          return file.write(block, position);
        }

        @Override
        public void close() throws IOException {
          file.close();
          runtime.close();
          events.close();
        }
      };
    }
  }
}
