package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.BufferKind;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** One thread's ways to read a file that others write to. Used by that thread. */
final class StripeReader implements Closeable {
  private final SharedFile file;
  private final Dice dice;
  private final FileInputStream ownStream;

  private enum Way {
    CHANNEL,
    FUTURE,
    HANDLER,
    SHARED_RANDOM_ACCESS_FILE,
    OWN_STREAM,
    TRANSFER_TO,
    MAPPING
  }

  StripeReader(SharedFile file, Dice dice) throws IOException {
    this.file = file;
    this.dice = dice;
    ownStream = new FileInputStream(file.side().path(Opening.name(dice)).toFile());
  }

  /** The bytes that were read, and the way. */
  record Found(ByteBuffer content, Object how) {}

  /** Reads all of a part of the file, which is not at its end. */
  Found read(long offset, int lengthBytes) throws Exception {
    if (dice.percent(25)) {
      Reading anew = Reading.any(dice, file.mayHold());
      try (InputStream in = anew.open(file.side().path(Opening.name(dice)))) {
        in.skipNBytes(offset);
        return new Found(ByteBuffer.wrap(in.readNBytes(lengthBytes)), anew);
      }
    }
    Way any = dice.oneOf(Way.values());
    boolean holds = any == Way.MAPPING || any == Way.SHARED_RANDOM_ACCESS_FILE;
    Way way = holds && !file.mayHold() ? Way.CHANNEL : any;
    byte[] bytes =
        switch (way) {
          case CHANNEL -> byChannel(offset, lengthBytes);
          case FUTURE, HANDLER -> started(offset, lengthBytes, way == Way.HANDLER);
          case SHARED_RANDOM_ACCESS_FILE -> {
            byte[] read = new byte[lengthBytes];
            RandomAccessFile shared = file.randomAccess();
            synchronized (shared) {
              shared.seek(offset);
              shared.readFully(read);
            }
            yield read;
          }
          case OWN_STREAM -> {
            ownStream.getChannel().position(offset);
            yield ownStream.readNBytes(lengthBytes);
          }
          case TRANSFER_TO -> transferTo(offset, lengthBytes);
          case MAPPING -> {
            byte[] read = new byte[lengthBytes];
            file.mapping().get((int) offset, read);
            yield read;
          }
        };
    return new Found(ByteBuffer.wrap(bytes), way);
  }

  private byte[] byChannel(long offset, int lengthBytes) throws IOException, Difference {
    FileChannel channel = file.channel(dice);
    ByteBuffer buffer = dice.oneOf(BufferKind.values()).empty(lengthBytes);
    int start = buffer.position();
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, offset + buffer.position() - start);
      if (count < 0) {
        throw new Difference("read", "end of file at " + (offset + buffer.position()), "more");
      }
    }
    return content(buffer, start);
  }

  private byte[] started(long offset, int lengthBytes, boolean handler) throws Exception {
    AsynchronousFileChannel channel = file.asynchronous(dice);
    ByteBuffer buffer = dice.oneOf(BufferKind.values()).empty(lengthBytes);
    int start = buffer.position();
    String outcome = AsynchronousChannels.startRead(channel, buffer, offset, handler).await();
    if (buffer.hasRemaining()) {
      throw new Difference("asynchronous read", outcome, lengthBytes);
    }
    return content(buffer, start);
  }

  private static byte[] content(ByteBuffer buffer, int start) {
    byte[] content = new byte[buffer.position() - start];
    buffer.get(start, content);
    return content;
  }

  private byte[] transferTo(long offset, int lengthBytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(lengthBytes);
    WritableByteChannel sink = Channels.newChannel(out);
    FileChannel channel = file.channel(dice);
    while (out.size() < lengthBytes) {
      channel.transferTo(offset + out.size(), lengthBytes - out.size(), sink);
    }
    return out.toByteArray();
  }

  @Override
  public void close() throws IOException {
    ownStream.close();
  }
}
