package io.dioagent.agent.hook;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import sun.nio.ch.DioHook;

/** Passes the writes of asynchronous channels to their targets. Thread-safe. */
final class AsyncWrites {
  private final Redirection redirection;

  AsyncWrites(Redirection redirection) {
    this.redirection = redirection;
  }

  /** As {@code DioCalls.writeAsync}; never throws. */
  Object begin(
      FileDescriptor descriptor,
      AsynchronousFileChannel channel,
      ByteBuffer source,
      long position,
      Object attachment,
      CompletionHandler<Integer, Object> handler) {
    OpenFile file = redirection.find(descriptor);
    if (file != null && !file.isTagged()) {
      return DioHook.NOT_MINE_EITHER;
    }
    GatedTarget gated = redirection.target(file, descriptor);
    mark(file != null ? file : redirection.find(descriptor));
    if (gated == null || !gated.gate().enter()) {
      return DioHook.NOT_MINE_EITHER;
    }
    try {
      return gated.target().writeAsync(channel, source, position, attachment, handler);
    } catch (IOException e) {
      return DioHook.NOT_MINE_EITHER; // It is closed, and the JDK throws that.
    } catch (RuntimeException | Error e) {
      redirection.unexpected(e); // Nothing was begun.
      return DioHook.NOT_MINE_EITHER;
    } finally {
      gated.gate().exit();
    }
  }

  private static void mark(OpenFile file) {
    if (file != null && !file.isAsynchronous()) {
      file.markAsynchronous();
    }
  }
}
