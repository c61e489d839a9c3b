package io.dioagent.agent.host;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Closes files at the end of the stack, each once: their data is in them when the close has
 * returned. Also tests whole openings, from the open to the close.
 */
final class StackEndClosings {
  private static final int FILES = 90;
  private static final int BYTES = 6000;

  private final Path directory;
  private final SplittableRandom random;
  private final Closeable[] open = new Closeable[FILES];
  private final boolean[] closed = new boolean[FILES];
  private final byte[] content = new byte[BYTES];
  private int next;
  private int struck;

  StackEndClosings(Path directory, SplittableRandom random) {
    this.directory = directory;
    this.random = random;
    random.nextBytes(content);
  }

  /** Returns how many overflows there were. */
  long run() throws Exception {
    for (int i = 0; i < FILES; i++) {
      open[i] = opened(i);
    }
    long overflows = 0;
    while (next < FILES) {
      overflows += StackDescent.run(this::closeNext, random.split());
    }
    for (int i = 0; i < FILES; i++) {
      if (closed[i] && !Arrays.equals(Files.readAllBytes(path(i)), content)) {
        throw new IllegalStateException("wrong bytes in " + path(i) + ", which was closed");
      }
    }
    overflows += StackDescent.run(this::writeWhole, random.split());
    return overflows;
  }

  /** Closes that threw: a JDK without an agent leaves these files open, too. */
  int struck() {
    return struck;
  }

  private Path path(int i) {
    return directory.resolve("closed" + i);
  }

  private Closeable opened(int i) throws IOException {
    Path path = path(i);
    if (i % 3 == 0) {
      FileOutputStream stream = new FileOutputStream(path.toFile());
      stream.write(content);
      return stream;
    } else if (i % 3 == 1) {
      RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
      file.write(content);
      return file;
    }
    FileChannel channel = FileChannel.open(path, CREATE, WRITE);
    int unused = channel.write(ByteBuffer.wrap(content));
    return channel;
  }

  /** One of the files per attempt, as none can be closed twice. */
  private boolean closeNext() throws IOException {
    if (next == FILES) {
      return true;
    }
    if (random.nextBoolean()) {
      return false; // So that some are left for further up.
    }
    int mine = next++;
    boolean done = false;
    try {
      open[mine].close();
      done = true;
    } finally {
      if (done) {
        closed[mine] = true;
      } else {
        struck++;
      }
    }
    return false;
  }

  private boolean writeWhole() throws IOException {
    boolean done = false;
    try {
      Path unused = Files.write(directory.resolve("whole"), content);
      done = true;
    } finally {
      if (!done) {
        struck++; // Perhaps in its close.
      }
    }
    return true;
  }
}
