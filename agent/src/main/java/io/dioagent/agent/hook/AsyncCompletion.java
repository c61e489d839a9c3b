package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import io.dioagent.runtime.api.Ended;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.nio.ch.DioAsync;

/**
 * Delivers the end of an asynchronous channel's write as the JDK's task does: to a Future at once,
 * to a handler on the channel's executor.
 */
final class AsyncCompletion implements Ended, Runnable {
  private final AsynchronousFileChannel channel;
  private final BufferSource source;

  /** The JDK's Future; null if there is a handler. */
  private final Object future;

  private final CompletionHandler<Integer, Object> handler;
  private final Object attachment;
  private final HandlerQueue handlers;

  // Written before it is queued, or the Future ends.
  private int bytes;
  private Throwable failure;
  private boolean advanced;

  private final AtomicBoolean called = new AtomicBoolean();

  AsyncCompletion(
      AsynchronousFileChannel channel,
      BufferSource source,
      CompletionHandler<Integer, Object> handler,
      Object attachment,
      HandlerQueue handlers) {
    this.channel = channel;
    this.source = source;
    this.handler = handler;
    this.attachment = attachment;
    this.handlers = handlers;
    future = handler == null ? DioAsync.newFuture(channel) : null;
  }

  /** Returns the result of the channel's write method. */
  Object future() {
    return future;
  }

  @Override
  public void ended(long endBytes, IOException endFailure) {
    bytes = (int) endBytes;
    failure = endFailure == null || channel.isOpen() ? endFailure : closed(endFailure);
    if (failure == null && !advanced) {
      advance();
      advanced = true; // Called once more if memory ran out for the rest.
    }
    if (handler == null) {
      DioAsync.end(future, bytes, failure);
    } else {
      handlers.add(this);
    }
  }

  private static IOException closed(IOException cause) {
    IOException closed = new AsynchronousCloseException();
    closed.initCause(cause);
    return closed;
  }

  private void advance() {
    try {
      source.advance(bytes);
    } catch (IllegalArgumentException e) {
      // The application set another limit meanwhile; the bytes are written all the same.
      AgentLog.debug("a buffer changed while it was written: " + e.getMessage());
    }
  }

  /** On the channel's executor. */
  @Override
  public void run() {
    if (called.compareAndSet(false, true)) {
      DioAsync.call(handler, attachment, bytes, failure);
    }
  }
}
