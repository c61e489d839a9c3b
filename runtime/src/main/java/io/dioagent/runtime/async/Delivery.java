package io.dioagent.runtime.async;

import io.dioagent.runtime.api.Ended;
import io.dioagent.runtime.base.Defects;
import io.dioagent.runtime.file.FileContext;
import java.io.IOException;

/**
 * The result of one asynchronous write, for its handler. Owned by the thread that ends the write,
 * and then by the one that takes it from {@link Deliveries}.
 */
final class Delivery {
  private final AsyncWriter writer;
  private final FileContext file;
  private final Ended ended;
  private long result;
  private IOException resultFailure;

  /** Link of the list in {@link Deliveries}, which guards it. */
  private Delivery nextUnqueued;

  Delivery(AsyncWriter writer, FileContext file, Ended ended) {
    this.writer = writer;
    this.file = file;
    this.ended = ended;
  }

  /** Before it is handed on. */
  void set(long bytes, IOException failure) {
    result = bytes;
    resultFailure = failure;
  }

  /** Passes the result to the handler, after its end; once more if there was no memory for it. */
  void deliver() {
    boolean again = true;
    try {
      ended.ended(result, resultFailure);
      again = false;
    } catch (RuntimeException | Error e) {
      again = e instanceof OutOfMemoryError;
      Defects.log(Defects.At.ASYNC_END, file.path(), e);
    } finally {
      if (again) {
        writer.deliveries().deliverLater(this);
      }
    }
  }

  Delivery nextUnqueued() {
    return nextUnqueued;
  }

  void setNextUnqueued(Delivery next) {
    nextUnqueued = next;
  }
}
