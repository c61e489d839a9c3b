package io.dioagent.agent.contract.random;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * One file, and the channels and mappings that many threads share. They are used under the shared
 * lock, and opened, closed and mapped anew under the exclusive one.
 */
final class SharedFile implements AutoCloseable {
  private static final Set<OpenOption> READ_WRITE =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

  /** Fair: otherwise, with so many threads at work, no thread would ever get it alone. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock(true);

  private final FileSide side;
  private final boolean mayHold;
  private final FileChannel[] channels = new FileChannel[2];
  private final AsynchronousHandle[] asynchronous = new AsynchronousHandle[2];
  private final FileChannel[] appending = new FileChannel[2];
  private FileChannel direct;
  private ByteBuffer mapping;

  /** The pointer is guarded by the object's monitor. */
  private RandomAccessFile randomAccess;

  /** Each write of it is one. */
  private FileOutputStream appendingStream;

  SharedFile(FileSide side, boolean mayHold, Dice dice) throws IOException {
    this.side = side;
    this.mayHold = mayHold;
    for (Part part : Part.values()) {
      reopen(part, dice);
    }
  }

  /** One that can be opened anew while the rest stays open. */
  enum Part {
    CHANNEL_0,
    CHANNEL_1,
    ASYNCHRONOUS_0,
    ASYNCHRONOUS_1,
    APPENDING_0,
    APPENDING_1,
    APPENDING_STREAM,
    DIRECT,
    RANDOM_ACCESS,
    MAPPING
  }

  Lock sharedLock() {
    return lock.readLock();
  }

  Lock exclusiveLock() {
    return lock.writeLock();
  }

  /**
   * Whether it may have mappings and RandomAccessFiles: then it is written synchronously, whatever
   * the mode, where the agent cannot see all of their use.
   */
  boolean mayHold() {
    return mayHold;
  }

  FileSide side() {
    return side;
  }

  FileChannel channel(Dice dice) {
    return channels[dice.below(channels.length)];
  }

  AsynchronousFileChannel asynchronous(Dice dice) {
    return asynchronous[dice.below(asynchronous.length)].channel();
  }

  FileChannel appending(Dice dice) {
    return appending[dice.below(appending.length)];
  }

  FileOutputStream appendingStream() {
    return appendingStream;
  }

  FileChannel direct() {
    return direct;
  }

  RandomAccessFile randomAccess() {
    return randomAccess;
  }

  /** Of all stripes, to be read; a duplicate. */
  ByteBuffer mapping() {
    return mapping.duplicate();
  }

  /** Closes one and opens it anew, by any of the names. */
  void reopen(Part part, Dice dice) throws IOException {
    FileSide.Name name = Opening.name(dice);
    switch (part) {
      case CHANNEL_0 -> channels[0] = again(channels[0], READ_WRITE, FileSide.Name.FILE);
      case CHANNEL_1 -> {
        boolean synchronous = dice.percent(20);
        Set<OpenOption> options =
            synchronous
                ? Set.of(
                    StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DSYNC)
                : READ_WRITE;
        channels[1] = again(channels[1], options, name);
      }
      case ASYNCHRONOUS_0, ASYNCHRONOUS_1 -> {
        int index = part == Part.ASYNCHRONOUS_0 ? 0 : 1;
        closeIfOpen(asynchronous[index]);
        asynchronous[index] = AsynchronousChannels.open(side.path(name), READ_WRITE, index == 0);
      }
      case APPENDING_0 ->
          appending[0] = again(appending[0], Set.of(StandardOpenOption.APPEND), name);
      case APPENDING_1 ->
          appending[1] =
              again(
                  appending[1],
                  Set.of(StandardOpenOption.APPEND, StandardOpenOption.DSYNC),
                  FileSide.Name.FILE);
      case APPENDING_STREAM -> {
        closeIfOpen(appendingStream);
        appendingStream = new FileOutputStream(side.path(name).toFile(), true);
      }
      case DIRECT ->
          direct =
              again(
                  direct,
                  Set.of(
                      StandardOpenOption.READ, StandardOpenOption.WRITE, DirectChannels.option()),
                  name);
      case RANDOM_ACCESS -> {
        if (mayHold) {
          closeIfOpen(randomAccess);
          randomAccess = new RandomAccessFile(side.path(name).toFile(), "rw");
        }
      }
      case MAPPING -> {
        if (mayHold) {
          mapping = channels[0].map(MapMode.READ_ONLY, 0, channels[0].size());
        }
      }
    }
  }

  private FileChannel again(FileChannel before, Set<OpenOption> options, FileSide.Name name)
      throws IOException {
    closeIfOpen(before);
    return FileChannel.open(side.path(name), options);
  }

  private static void closeIfOpen(Closeable before) throws IOException {
    if (before != null) {
      before.close();
    }
  }

  @Override
  public void close() throws IOException {
    for (Closeable open :
        new Closeable[] {
          channels[0],
          channels[1],
          asynchronous[0],
          asynchronous[1],
          appending[0],
          appending[1],
          appendingStream,
          direct,
          randomAccess
        }) {
      closeIfOpen(open);
    }
  }
}
