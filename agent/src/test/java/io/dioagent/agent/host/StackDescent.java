package io.dioagent.agent.host;

import java.util.SplittableRandom;

/**
 * Performs an action at every distance from the end of a stack: a thread recurses until its stack
 * ends, and tries in its frames on the way back until the attempt succeeds. Frames of several sizes
 * come before, so that the distances of one descent are not those of the next one.
 */
final class StackDescent {
  /** The attempt. It may throw StackOverflowError, and is tried again then. */
  interface Attempt {
    /** Returns whether it is not to be tried again. */
    boolean run() throws Exception;
  }

  private static final long STACK_BYTES = 320 << 10;

  /** So many frames from the end on most try: there the attempt itself meets the end. */
  private static final int DENSE_FRAMES = 120;

  private static final int DENSE = 4;

  /** Further up, where the stack is short but not at its end, one in so many on the average. */
  private static final int SPARSE = 24;

  private static final int MOST_PADS = 8;

  private final Attempt attempt;
  private final SplittableRandom random;
  private long skip;
  private long frames;
  private boolean done;
  private long overflows;
  private Throwable failure;
  private volatile long blackHole;

  private StackDescent(Attempt attempt, SplittableRandom random) {
    this.attempt = attempt;
    this.random = random;
  }

  /**
   * Runs one descent, in a thread of its own.
   *
   * @return how many attempts met the end of the stack
   */
  static long run(Attempt attempt, SplittableRandom random) throws Exception {
    StackDescent descent = new StackDescent(attempt, random);
    Thread deep = new Thread(null, descent::descend, "stack-end", STACK_BYTES);
    deep.start();
    deep.join();
    if (descent.failure instanceof Exception e) {
      throw e;
    } else if (descent.failure instanceof Error e) {
      throw e;
    }
    return descent.overflows;
  }

  private void descend() {
    try {
      pad(random.nextInt(MOST_PADS), random.nextInt(MOST_PADS));
    } catch (Throwable e) {
      failure = e;
    }
  }

  /** Frames of another size each. */
  private long pad(int small, int large) throws Exception {
    if (small > 0) {
      return pad(small - 1, large) + 1;
    }
    return padMore(large, small, large, small + 1, large + 1);
  }

  private long padMore(int large, long a, long b, long c, long d) throws Exception {
    if (large > 0) {
      return padMore(large - 1, a + d, b + c, c + b, d + a) + a + b + c + d;
    }
    recurse();
    return blackHole;
  }

  @SuppressWarnings("InfiniteRecursion") // It is to find the end of the stack.
  private void recurse() throws Exception {
    try {
      recurse();
    } catch (StackOverflowError e) {
      overflows++;
    }
    if (!done) {
      maybeTry();
    }
  }

  private void maybeTry() throws Exception {
    frames++;
    if (skip > 0) {
      skip--;
      return;
    }
    skip = random.nextInt(frames < DENSE_FRAMES ? DENSE : 2 * SPARSE);
    try {
      done = attempt.run();
    } catch (InternalError e) {
      throw overflow(e);
    }
  }

  /** JDK 17 maps by reflection, and wraps unexpected exceptions. */
  private static Error overflow(InternalError thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof StackOverflowError overflow) {
        return overflow;
      }
    }
    return thrown;
  }
}
