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
 * One write on a {@link RequestPath}, and the account of its answers: one is right, none is a lost
 * completion, and each further one a duplicate. They are told as the runtime's ledger tells them.
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
   * The writer was told how its write ended.
   *
   * @param by by what
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

  /** As it is told in events. */
  RequestInfo info() {
    return info;
  }

  /**
   * Hands an I/O to the kernel.
   *
   * @param from its first byte, from the request's start
   * @return 0, or the errno that submission returned
   */
  int queue(int from, int lengthBytes) {
    return queue(path.memoryAddress() + from, from, lengthBytes);
  }

  /** The same, with the bytes at an address that may be none of ours. */
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

  /** The device has ended an I/O. */
  void ended(long result) {
    policy.ended(result);
  }

  /** What the policy knows to be transferred. */
  long transferredBytes() {
    return policy.transferredBytes();
  }

  /**
   * The submitter writes the rest through the page cache.
   *
   * @param from the rest's first byte, from the request's start
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

  /** The submitter finds an error once it has submitted. */
  void pending(int errno) {
    policy.pending(errno);
  }

  /** The submitter is through; what it is told then is an answer, too. */
  void submitted(long handledBytes) {
    if (!policy.submitted(handledBytes)) {
      answer("submission", policy.result());
    }
  }

  /** The writer cancels; whether it has the result thereby. */
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
    // To nobody: its writer has an answer.
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

  /** All answers so far, in order. */
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

  /** Waits for the first answer, and tells a lost completion if it does not come in time. */
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
