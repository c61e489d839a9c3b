package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.FileHold;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.ref.WeakReference;

/**
 * One open descriptor, referred to weakly by its object: numbers are reused, objects are not. A
 * caller that finds this under a number must check that it is still {@link #isOf the same object}.
 * Otherwise writes would go into another file.
 *
 * <p>Thread-safe.
 */
final class OpenFile extends WeakReference<FileDescriptor> {
  private final String path;
  private final TagRule rule;

  /** Whether it is the agent's own jar. */
  private boolean ownJar;

  /** Whether it is an asynchronous channel's, and was written to. Only ever set. */
  private volatile boolean asynchronous;

  /** Null until the first operation, and when left alone or closed. Written under this. */
  private volatile GatedTarget target;

  /** Makes writes to the file synchronous until the file is closed; or null. Guarded by this. */
  private FileHold kept;

  /** Guarded by {@link CloseFailures}, as the next one. */
  private Throwable failure;

  private OpenFile nextFailed;

  /** Whether no target is made any more: that failed, or the descriptor closes. Guarded by this. */
  private boolean leftAlone;

  private OpenFile(FileDescriptor descriptor, String path, TagRule rule, GatedTarget target) {
    super(descriptor);
    this.path = path;
    this.rule = rule;
    this.target = target;
  }

  /** Records a descriptor of an untagged file. */
  static OpenFile untagged(FileDescriptor descriptor) {
    return new OpenFile(descriptor, null, null, null);
  }

  /** Records a descriptor of the agent's own jar, which may be read during any operation. */
  static OpenFile ownJar(FileDescriptor descriptor) {
    OpenFile own = untagged(descriptor);
    own.ownJar = true;
    return own;
  }

  /**
   * Records a descriptor of a tagged file.
   *
   * @param path its real path when it was opened
   */
  static OpenFile tagged(FileDescriptor descriptor, String path, TagRule rule) {
    return new OpenFile(descriptor, path, rule, null);
  }

  /** Records a descriptor with a given target, for the self-test. */
  static OpenFile redirected(FileDescriptor descriptor, TagRule rule, Target target) {
    return new OpenFile(descriptor, rule.name(), rule, new GatedTarget(target));
  }

  /** Returns its real path when it was opened; null if it is not tagged. */
  String path() {
    return path;
  }

  /** Returns the rule that tags it; null if none does. */
  TagRule rule() {
    return rule;
  }

  boolean isOf(FileDescriptor descriptor) {
    return refersTo(descriptor);
  }

  boolean isOwnJar() {
    return ownJar;
  }

  boolean isTagged() {
    return rule != null;
  }

  boolean isAsynchronous() {
    return asynchronous;
  }

  void markAsynchronous() {
    asynchronous = true;
  }

  /**
   * Returns the target of this file's operations; makes it for the first one.
   *
   * @return null if it is left alone
   */
  GatedTarget target(Targets targets, int number) {
    GatedTarget known = target;
    return known != null ? known : adopt(targets, number);
  }

  /** Returns the target if an operation has been redirected before; null otherwise. */
  GatedTarget targetIfAny() {
    return target;
  }

  synchronized boolean isKept() {
    return kept != null;
  }

  /** Takes a hold to be closed with the file; null for none. */
  synchronized void keep(FileHold closeable) {
    if (kept == null) {
      kept = closeable;
    } else if (closeable != null) {
      closeable.close();
    }
  }

  private synchronized GatedTarget adopt(Targets targets, int number) {
    if (target == null && !leftAlone) {
      try {
        target = new GatedTarget(targets.adopt(number, rule));
      } catch (IOException e) {
        leftAlone = true;
        String why = String.valueOf(e.getMessage());
        AgentLog.info("left alone: " + (why.contains(path) ? why : path + ": " + why));
      }
    }
    return target;
  }

  /**
   * Waits for the operations that have begun; later ones wait until {@link #letGo} or {@link
   * #stay}. Called by one thread.
   *
   * @param untilNanoTime when to give up, by {@link System#nanoTime}
   * @return false if an operation has not ended by then
   */
  boolean leave(long untilNanoTime) {
    GatedTarget left;
    synchronized (this) {
      leftAlone = true;
      left = target;
    }
    if (left == null) {
      return true;
    }
    left.gate().close();
    return left.gate().awaitEmpty(untilNanoTime) && left.target().awaitIdle(untilNanoTime);
  }

  /** Undoes {@link #leave}. */
  synchronized void stay() {
    leftAlone = target == null;
    if (target != null) {
      target.gate().reopen();
    }
  }

  /**
   * After {@link #leave}: gives its operations to the JDK. Closes the target, unless that would
   * take something from the application: then it is closed when the descriptor closes.
   *
   * @return the outcome
   */
  Left letGo() {
    GatedTarget left = target;
    if (left == null) {
      return Left.GONE;
    }
    try {
      if (!left.target().mayCloseEarly()) {
        return Left.KEPT;
      }
      Throwable failed = closeApart();
      return failed == null ? Left.GONE : new Left(true, failed);
    } finally {
      left.gate().turnAway();
    }
  }

  /**
   * Closes the target; the descriptor is about to close.
   *
   * @return the exception of the target's close, or an Error that the application caused; null for
   *     none
   */
  Throwable close() {
    return close(true);
  }

  /** As {@link #close}, but the descriptor stays open, or has been closed unseen. */
  Throwable closeApart() {
    return close(false);
  }

  private Throwable close(boolean withDescriptor) {
    GatedTarget last;
    FileHold lastKept;
    synchronized (this) {
      lastKept = kept;
      kept = null;
      last = target;
      target = null;
      leftAlone = true;
    }
    if (lastKept != null) {
      lastKept.close();
    }
    if (last != null) {
      try {
        if (withDescriptor) {
          last.target().close();
        } else {
          last.target().closeApart();
        }
      } catch (IOException | VirtualMachineError e) {
        return e; // With a full heap, bytes may not have been written: not to be passed over.
      } catch (RuntimeException | Error e) {
        AgentLog.warn("closing " + path + ": " + e);
      }
    }
    return null;
  }

  // A failure of the target's close, until the descriptor has been closed: for CloseFailures.

  void failed(Throwable thrown, OpenFile next) {
    failure = thrown;
    nextFailed = next;
  }

  Throwable failure() {
    return failure;
  }

  OpenFile nextFailed() {
    return nextFailed;
  }
}
