package io.dioagent.agent.host;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A thread that writes its own files all the time, with enough stack. */
final class StackEndBystander implements Runnable {
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int BYTES = 4096;

  private final List<Path> directories;
  private final Thread thread = new Thread(this, "bystander");
  private volatile boolean ending;
  private final AtomicLong steps = new AtomicLong();
  private volatile IOException failure;

  StackEndBystander(List<Path> directories) {
    this.directories = directories;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  long steps() {
    return steps.get();
  }

  void stop() throws Exception {
    ending = true;
    thread.join();
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void run() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
    try {
      while (!ending) {
        for (Path directory : directories) {
          try (FileChannel channel =
              FileChannel.open(directory.resolve("bystander"), CREATE, WRITE)) {
            for (int i = 0; i < 4; i++) {
              int unused = channel.write(buffer.clear(), (long) i * BYTES);
            }
          }
          steps.incrementAndGet();
          LockSupport.parkNanos(REST_NANOS);
        }
      }
    } catch (IOException e) {
      failure = e;
    }
  }
}
