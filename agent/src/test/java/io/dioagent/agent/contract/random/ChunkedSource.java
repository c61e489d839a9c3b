package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.SplittableRandom;

/** A channel that is no file: gives its bytes in pieces of odd sizes. Not thread-safe. */
final class ChunkedSource implements ReadableByteChannel {
  private final SplittableRandom random;
  private final ByteBuffer bytes;
  private boolean open = true;

  ChunkedSource(long seed, int lengthBytes) {
    this(seed, Bytes.of(seed, lengthBytes));
  }

  /** Of these bytes; the seed is for the pieces. */
  ChunkedSource(long seed, byte[] bytes) {
    random = new SplittableRandom(seed);
    this.bytes = ByteBuffer.wrap(bytes);
  }

  @Override
  public int read(ByteBuffer destination) {
    if (!bytes.hasRemaining()) {
      return -1;
    }
    int most = Math.min(destination.remaining(), bytes.remaining());
    int length = random.nextInt(Math.min(most, 1), most + 1);
    destination.put(bytes.slice(bytes.position(), length));
    bytes.position(bytes.position() + length);
    return length;
  }

  int remaining() {
    return bytes.remaining();
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() {
    open = false;
  }
}
