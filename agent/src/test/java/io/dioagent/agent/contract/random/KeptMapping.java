package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A mapping that is kept while the file is written by other ways, with a channel that returns how
 * much of it is there: behind the end of the file it must not be touched. Not thread-safe.
 */
final class KeptMapping implements Held {
  private final FileChannel channel;
  private final long offset;
  private final MappedByteBuffer mapping;

  private KeptMapping(FileChannel channel, long offset, MappedByteBuffer mapping) {
    this.channel = channel;
    this.offset = offset;
    this.mapping = mapping;
  }

  /** Maps a part of a file to be read and written; one that lies behind its end extends it. */
  static KeptMapping of(Path file, long offset, int lengthBytes) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return new KeptMapping(channel, offset, channel.map(MapMode.READ_WRITE, offset, lengthBytes));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Where it begins in its file. */
  long offset() {
    return offset;
  }

  /** How much of it lies before the end of the file. */
  int usableBytes() throws IOException {
    return (int) Math.max(0, Math.min(mapping.capacity(), channel.size() - offset));
  }

  ByteBuffer part(int from, int lengthBytes) {
    return mapping.slice(from, lengthBytes);
  }

  void force() {
    mapping.force();
  }

  @Override
  public String state() throws IOException {
    int usable = usableBytes();
    return usable + " bytes at " + offset + ": " + Bytes.hash(part(0, usable));
  }

  /** The memory itself goes with the garbage. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
