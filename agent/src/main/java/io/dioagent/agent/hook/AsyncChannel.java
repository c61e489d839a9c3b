package io.dioagent.agent.hook;

import io.dioagent.agent.CallerRights;
import io.dioagent.runtime.DirectFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.ExecutorService;
import sun.nio.ch.DioAsync;
import sun.nio.ch.DioHook;

/** The writes of one asynchronous channel. Thread-safe. */
final class AsyncChannel {
  private final DirectFile file;
  private final AsynchronousFileChannel channel;
  private final ExecutorService executor;
  private final HandlerQueue handlers;

  AsyncChannel(DirectFile file, AsynchronousFileChannel channel) {
    this.file = file;
    this.channel = channel;
    executor = DioAsync.executor(channel);
    handlers = new HandlerQueue(executor);
  }

  /**
   * As {@code DioCalls.writeAsync}.
   *
   * @throws IOException if the file is closed, and nothing was begun
   */
  Object write(
      ByteBuffer source,
      long position,
      Object attachment,
      CompletionHandler<Integer, Object> handler)
      throws IOException {
    if (executor.isShutdown()) {
      return DioHook
          .NOT_MINE_EITHER; // The executor refuses the JDK's attempt, as without the agent.
    }
    CallerRights writer = PrivilegedHook.writer();
    if (writer != null) {
      handlers.calledWith(writer);
    }
    BufferSource bytes = new BufferSource(source);
    AsyncCompletion completion = new AsyncCompletion(channel, bytes, handler, attachment, handlers);
    file.writeAsync(bytes, position, completion);
    return completion.future();
  }
}
