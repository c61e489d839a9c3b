package io.dioagent.runtime.device;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.engine.AioContext;
import io.dioagent.runtime.engine.Completions;
import io.dioagent.runtime.engine.Submissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;

/** A context without a kernel: returns scripted results, and records its calls. */
final class ScriptedContext implements AioContext {
  /** Results to come of submit; none left means that all are accepted. */
  final Queue<Integer> submitAnswers = new ArrayDeque<>();

  /** Batches of completions to come, each an id and a result alternately. */
  final Queue<long[]> batches = new ArrayDeque<>();

  /** Negative results to come of reap, before any batch. */
  final Queue<Integer> reapErrors = new ArrayDeque<>();

  /** All calls, in order. */
  final List<String> calls = new ArrayList<>();

  /** Ids accepted so far. */
  final List<Long> taken = new ArrayList<>();

  boolean closed;

  @Override
  public int submit(Submissions batch, int first, int count) {
    Integer answer = submitAnswers.poll();
    int result = answer == null ? count : answer;
    calls.add("submit " + first + "+" + count + "=" + result);
    for (int i = 0; i < result; i++) {
      taken.add(batch.data(batch.slot(first + i)));
    }
    return result;
  }

  @Override
  public int reap(Completions batch, int min, long timeoutNanos) {
    Integer error = reapErrors.poll();
    if (error != null) {
      calls.add("reap=" + error);
      return error;
    }
    long[] next = batches.poll();
    int count = next == null ? 0 : next.length / 2;
    for (int i = 0; i < count; i++) {
      batch.set(i, next[2 * i], next[2 * i + 1]);
    }
    calls.add("reap=" + count);
    return count;
  }

  /** The completions to come next. */
  void complete(long... idsAndResults) {
    batches.add(Arrays.copyOf(idsAndResults, idsAndResults.length));
  }

  @Override
  public int cancel(Submissions batch, int slot) {
    return -Errno.EINVAL;
  }

  @Override
  public void close() {
    closed = true;
  }
}
