package io.dioagent.samples.seeds;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.RequestInfo;
import io.dioagent.runtime.dio.CompletionPolicy;
import io.dioagent.runtime.dio.Dio;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One write on a {@link RequestPath}, and its answers. One answer is right, none is a lost
 * completion, and each further one is a duplicate. They are recorded as by the runtime's ledger.
 * Thread-safe.
 */
final class Request implements Dio.Ending {
  private static final int ECANCELED = 125;

  private final RequestPath path;
  private final RequestInfo info;
  private final CompletionPolicy policy;
  private final Control control;
  private final Object token;
  private final long startNanoTime = System.nanoTime();
  private final Thread submitter = Thread.currentThread();
  private int ios;

  /** Guarded by this. */
  private final List<Answer> answers = new ArrayList<>();

  /**
   * A result that the writer got.
   *
   * @param by its source
   * @param result bytes, or a negative errno
   */
  record Answer(String by, long result) {
    @Override
    public String toString() {
      return by + " says " + Bytes.describe(result);
    }
  }

  Request(RequestPath path, RequestInfo info, CompletionPolicy.Maker maker, Control control) {
    this.path = path;
    this.info = info;
    this.control = control;
    policy = maker.make(control.lock(), this, control::step);
    token = path.events().beginWrite();
  }

  /** Returns the request as recorded in events. */
  RequestInfo info() {
    return info;
  }

  /**
   * Submits an I/O to the kernel.
   *
   * @param from its first byte, relative to the start of the request
   * @return 0, or the errno that submission returned
   */
  int queue(int from, int lengthBytes) {
    return queue(path.memoryAddress() + from, from, lengthBytes);
  }

  /** Submits an I/O with the bytes at any address, also one that is not mapped. */
  int queue(long address, int from, int lengthBytes) {
    policy.queued();
    int taken = path.submit(this, address, lengthBytes, info.offset() + from);
    if (taken == 1) {
      ios++;
      return 0;
    }
    policy.refused();
    return -taken;
  }

  /** Called when the device has ended an I/O. */
  void ended(long result) {
    policy.ended(result);
  }

  /** Returns the bytes that the policy counts as transferred. */
  long transferredBytes() {
    return policy.transferredBytes();
  }

  /**
   * Writes the rest through the page cache, as the submitter.
   *
   * @param from the first byte of the rest, relative to the start of the request
   */
  void fallBack(long from) throws IOException {
    RequestInfo rest =
        new RequestInfo(
            info.requestId(), info.path(), info.offset() + from, info.lengthBytes() - from);
    policy.buffered(path.writeBuffered(rest.offset(), (int) rest.lengthBytes()));
    path.events()
        .bufferedFallback(
            rest,
            System.nanoTime() - startNanoTime,
            "the count says that this is the rest",
            Thread.currentThread());
  }

  /** Records an error that the submitter finds after submission. */
  void pending(int errno) {
    policy.pending(errno);
  }

  /** Ends the submission; a result that it returns is an answer, too. */
  void submitted(long handledBytes) {
    if (!policy.submitted(handledBytes)) {
      answer("submission", policy.result());
    }
  }

  /** Cancels, as the writer; returns whether that gives the result. */
  boolean cancel() {
    boolean cancelled = policy.cancel();
    if (cancelled) {
      answer("cancellation", -ECANCELED);
    }
    return cancelled;
  }

  @Override
  public void published(long result) {
    control.step();
    answer("the completion", result);
    control.freed();
  }

  @Override
  public void drained(long result) {
    // Not recorded, because the writer has an answer.
    control.step();
  }

  private synchronized void answer(String by, long result) {
    Answer answer = new Answer(by, result);
    answers.add(answer);
    notifyAll();
    EventSink events = path.events();
    long ageNanos = System.nanoTime() - startNanoTime;
    if (answers.size() > 1) {
      events.duplicateCompletion(
          info, ageNanos, result, answer + ", and before that " + answers.get(0), submitter);
      return;
    }
    if (result < 0) {
      events.completionError(info, ageNanos, result, answer.toString(), submitter);
    }
    events.endWrite(token, info, result, Math.max(0, result), 0, ios);
  }

  /** Returns all answers so far, in order. */
  synchronized List<Answer> answers() {
    return List.copyOf(answers);
  }

  /** Waits for the first answer, without a time-out. */
  synchronized void await() {
    try {
      while (answers.isEmpty()) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits for the first answer, and records a lost completion if it does not come in time. */
  synchronized void await(Duration deadline) throws InterruptedException {
    long until = startNanoTime + deadline.toNanos();
    for (long left; answers.isEmpty() && (left = until - System.nanoTime()) > 0; ) {
      wait(TimeUnit.NANOSECONDS.toMillis(left) + 1);
    }
    if (answers.isEmpty()) {
      long ageNanos = System.nanoTime() - startNanoTime;
      path.events()
          .lostCompletion(
              info, ageNanos, deadline.toNanos(), "no completion came", true, submitter);
    }
  }
}
