package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.BufferKind;
import io.dioagent.agent.contract.random.AsynchronousChannels.Started;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** One thread's ways to write to a file that others write to elsewhere. Used by that thread. */
final class StripeWriter implements Closeable {
  private static final int BLOCK_BYTES = 4096;

  private final SharedFile file;
  private final Dice dice;

  /** Not tagged, to transfer from. */
  private final Path sourcePath;

  private final FileChannel ownChannel;

  /** Null, as the stream, unless the file may have one. */
  private final RandomAccessFile ownFile;

  /** Shares descriptor and pointer with the file. */
  private final FileOutputStream ownStream;

  private enum Way {
    CHANNEL,
    POSITION_AND_GATHER,
    FUTURE,
    HANDLER,
    SEVERAL_AT_ONCE,
    SHARED_RANDOM_ACCESS_FILE,
    OWN_RANDOM_ACCESS_FILE,
    BYTE_BY_BYTE,
    OWN_STREAM,
    NEW_CHANNEL,
    TRANSFER_FROM_FOREIGN,
    TRANSFER_FROM_FILE,
    TRANSFER_TO,
    DIRECT_CHANNEL
  }

  /** Ways by objects that make writes to the file synchronous. */
  private static final Set<Way> HOLDING =
      EnumSet.of(
          Way.SHARED_RANDOM_ACCESS_FILE,
          Way.OWN_RANDOM_ACCESS_FILE,
          Way.BYTE_BY_BYTE,
          Way.OWN_STREAM);

  StripeWriter(SharedFile file, Dice dice, int thread) throws IOException {
    this.file = file;
    this.dice = dice;
    sourcePath = file.side().sink().resolveSibling("source-" + thread);
    FileSide.Name name = Opening.name(dice);
    ownFile = file.mayHold() ? new RandomAccessFile(file.side().path(name).toFile(), "rw") : null;
    ownStream = ownFile == null ? null : new FileOutputStream(ownFile.getFD());
    ownChannel = FileChannel.open(file.side().file(), StandardOpenOption.WRITE);
  }

  /** Writes all of it. Answers how. */
  Object write(long offset, byte[] bytes) throws Exception {
    Way any = dice.oneOf(Way.values());
    Way way = HOLDING.contains(any) && ownFile == null ? Way.CHANNEL : any;
    switch (way) {
      case CHANNEL -> all(file.channel(dice), offset, bytes);
      case POSITION_AND_GATHER -> gather(offset, bytes);
      case FUTURE, HANDLER -> started(offset, bytes, way == Way.HANDLER);
      case SEVERAL_AT_ONCE -> several(offset, bytes);
      case SHARED_RANDOM_ACCESS_FILE -> {
        synchronized (file.randomAccess()) {
          file.randomAccess().seek(offset);
          file.randomAccess().write(bytes);
        }
      }
      case OWN_RANDOM_ACCESS_FILE -> {
        int half = bytes.length / 2;
        ownFile.seek(offset);
        ownFile.write(bytes, 0, half);
        ownFile.write(bytes, half, bytes.length - half);
        if (dice.percent(10)) {
          ownFile.getFD().sync();
        }
      }
      case BYTE_BY_BYTE -> {
        int few = Math.min(20, bytes.length);
        ownFile.seek(offset);
        for (int i = 0; i < few; i++) {
          ownFile.write(bytes[i]);
        }
        ownFile.write(bytes, few, bytes.length - few);
      }
      case OWN_STREAM -> {
        ownFile.seek(offset);
        ownStream.write(bytes);
      }
      case NEW_CHANNEL -> {
        try (FileChannel channel =
            FileChannel.open(file.side().path(Opening.name(dice)), StandardOpenOption.WRITE)) {
          all(channel, offset, bytes);
        }
      }
      case TRANSFER_FROM_FOREIGN -> transferFromForeign(offset, bytes);
      case TRANSFER_FROM_FILE, TRANSFER_TO -> transfer(offset, bytes, way == Way.TRANSFER_TO);
      case DIRECT_CHANNEL -> direct(offset, bytes);
    }
    return way;
  }

  private ByteBuffer buffer(byte[] bytes) {
    return dice.oneOf(BufferKind.values()).holding(bytes);
  }

  private void all(FileChannel channel, long offset, byte[] bytes) throws IOException {
    ByteBuffer buffer = buffer(bytes);
    long at = offset;
    while (buffer.hasRemaining()) {
      at += channel.write(buffer, at);
    }
  }

  private void gather(long offset, byte[] bytes) throws IOException, Difference {
    int first = dice.below(bytes.length + 1);
    int second = first + dice.below(bytes.length - first + 1);
    ByteBuffer[] three = {
      buffer(Arrays.copyOf(bytes, first)),
      buffer(Arrays.copyOfRange(bytes, first, second)),
      buffer(Arrays.copyOfRange(bytes, second, bytes.length))
    };
    ownChannel.position(offset);
    long written = 0;
    while (written < bytes.length) {
      written += ownChannel.write(three);
    }
    if (ownChannel.position() != offset + bytes.length) {
      throw new Difference("position", ownChannel.position(), offset + bytes.length);
    }
  }

  private void started(long offset, byte[] bytes, boolean handler) throws Exception {
    ByteBuffer buffer = buffer(bytes);
    AsynchronousFileChannel channel = file.asynchronous(dice);
    String outcome = AsynchronousChannels.startWrite(channel, buffer, offset, handler).await();
    expectWritten(bytes.length, buffer, outcome);
  }

  private void several(long offset, byte[] bytes) throws Exception {
    AsynchronousFileChannel channel = file.asynchronous(dice);
    List<Started> writes = new ArrayList<>();
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int from = 0; from < bytes.length; ) {
      int to = dice.percent(20) ? bytes.length : from + 1 + dice.below(bytes.length - from);
      ByteBuffer buffer = buffer(Arrays.copyOfRange(bytes, from, to));
      buffers.add(buffer);
      writes.add(AsynchronousChannels.startWrite(channel, buffer, offset + from, dice.percent(50)));
      from = to;
    }
    for (int i = 0; i < writes.size(); i++) {
      String outcome = writes.get(i).await();
      expectWritten(-1, buffers.get(i), outcome);
    }
  }

  /** All of it, and its handler called once if there was one. */
  private static void expectWritten(int lengthBytes, ByteBuffer buffer, String outcome)
      throws Difference {
    boolean calledOnce = !outcome.contains(", calls ") || outcome.contains(", calls 1 ");
    boolean reported = lengthBytes < 0 || outcome.startsWith(lengthBytes + " ");
    if (buffer.hasRemaining() || !reported || !calledOnce) {
      throw new Difference("asynchronous write", outcome, lengthBytes + ", once");
    }
  }

  private void transferFromForeign(long offset, byte[] bytes) throws IOException {
    ChunkedSource source = new ChunkedSource(dice.number(), bytes);
    FileChannel channel = file.channel(dice);
    for (long done = 0; done < bytes.length; ) {
      done += channel.transferFrom(source, offset + done, bytes.length - done);
    }
  }

  private void transfer(long offset, byte[] bytes, boolean to) throws IOException {
    Files.write(sourcePath, bytes);
    try (FileChannel source = FileChannel.open(sourcePath)) {
      ownChannel.position(offset);
      for (long done = 0; done < bytes.length; ) {
        done +=
            to
                ? source.transferTo(done, bytes.length - done, ownChannel)
                : file.channel(dice).transferFrom(source, offset + done, bytes.length - done);
      }
    }
  }

  /** Writes whole blocks by the direct channel, and the bytes before and behind by another. */
  private void direct(long offset, byte[] bytes) throws IOException {
    int head = (int) Math.min(bytes.length, -offset & (BLOCK_BYTES - 1));
    int middle = (bytes.length - head) & -BLOCK_BYTES;
    all(file.channel(dice), offset, Arrays.copyOf(bytes, head));
    ByteBuffer blocks = DirectChannels.aligned(middle).put(bytes, head, middle).flip();
    for (long at = offset + head; blocks.hasRemaining(); ) {
      at += file.direct().write(blocks, at);
    }
    int rest = head + middle;
    all(file.channel(dice), offset + rest, Arrays.copyOfRange(bytes, rest, bytes.length));
  }

  @Override
  public void close() throws IOException {
    try (ownFile;
        ownStream) {
      ownChannel.close();
    }
  }
}
