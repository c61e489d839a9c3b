package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Bytes;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.SplittableRandom;

/** A channel that is no file: takes bytes in pieces of odd sizes. Not thread-safe. */
final class HashingSink implements WritableByteChannel {
  private final SplittableRandom random;
  private final StringBuilder taken = new StringBuilder();
  private boolean open = true;

  HashingSink(long seed) {
    random = new SplittableRandom(seed);
  }

  @Override
  public int write(ByteBuffer source) {
    int length = source.remaining() == 0 ? 0 : random.nextInt(1, source.remaining() + 1);
    ByteBuffer part = source.slice(source.position(), length);
    taken.append(length).append(':').append(Bytes.hash(part)).append(' ');
    source.position(source.position() + length);
    return length;
  }

  /** Returns a digest of the received bytes. */
  String taken() {
    return taken.toString();
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
