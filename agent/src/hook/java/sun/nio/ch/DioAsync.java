package sun.nio.ch;

import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.ExecutorService;

/** Gives the agent access to the internals of asynchronous channels. */
public final class DioAsync {
  private DioAsync() {}

  /** Returns the executor that calls a channel's handlers. */
  public static ExecutorService executor(AsynchronousFileChannel channel) {
    return ((AsynchronousFileChannelImpl) channel).executor();
  }

  /**
   * Returns the executor that calls the handlers of channels that were opened without one.
   *
   * @throws IllegalStateException if this JDK keeps it elsewhere
   */
  public static ExecutorService defaultExecutor() {
    try {
      // To javac a private member class, but not to the JVM.
      return (ExecutorService)
          Class.forName("sun.nio.ch.SimpleAsynchronousFileChannelImpl$DefaultExecutorHolder")
              .getDeclaredField("defaultExecutor")
              .get(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns the JDK's own Future of a write. Cancelling it may close the channel. */
  public static Object newFuture(AsynchronousFileChannel channel) {
    return new PendingFuture<Integer, Object>(channel);
  }

  /** Ends one of {@link #newFuture}, unless it is cancelled. Does not block. */
  @SuppressWarnings("unchecked")
  public static void end(Object future, int bytes, Throwable failure) {
    ((PendingFuture<Integer, ?>) future).setResult(bytes, failure);
  }

  /** Calls a handler as the JDK does. */
  public static void call(
      CompletionHandler<Integer, Object> handler, Object attachment, int bytes, Throwable failure) {
    Invoker.invokeUnchecked(handler, attachment, bytes, failure);
  }
}
