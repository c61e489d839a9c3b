package io.dioagent.agent.contract.random;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.util.concurrent.ExecutorService;

/** An asynchronous channel, and the threads that its handlers must run on. Not thread-safe. */
final class AsynchronousHandle implements Held {
  private final AsynchronousFileChannel channel;

  /** Null for those of the JDK. */
  private final ExecutorService executor;

  AsynchronousHandle(AsynchronousFileChannel channel, ExecutorService executor) {
    this.channel = channel;
    this.executor = executor;
  }

  AsynchronousFileChannel channel() {
    return channel;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public String state() throws IOException {
    return channel.isOpen() ? "size " + channel.size() : "closed";
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (executor != null) {
      executor.shutdown();
    }
  }
}
