package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import io.dioagent.agent.options.Glob;
import io.dioagent.agent.options.TagRule;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.nio.ch.DioHook;

/**
 * Finds the target of a descriptor, calls it, and remembers descriptors from their opening to their
 * closing.
 *
 * <p>Thread-safe. For files that are known and not tagged it takes no lock and allocates nothing.
 */
final class Redirection {
  private static final int STDERR_NUMBER = 2;

  private final OpenFiles files = new OpenFiles();
  private final Targets targets;
  private final AtomicBoolean toldUnexpected = new AtomicBoolean();

  /** Set once, by {@link #start}; until then no file is tagged. */
  private volatile Classifier classifier = Classifier.NOTHING;

  /** What closing a file came to, until its descriptor has been closed. Guarded by itself. */
  private final IdentityHashMap<FileDescriptor, IOException> closeFailures =
      new IdentityHashMap<>();

  /** Whether there are any: most closings need not take the lock. */
  private volatile boolean anyCloseFailure;

  Redirection(Targets targets) {
    this.targets = targets;
  }

  /** From now on files are tagged, also those that are open already. */
  void start(List<TagRule> tags, List<Glob> excludes) {
    classifier = new Classifier(tags, excludes);
    files.forgetAll(); // What was found untagged so far was so for want of tags.
  }

  Targets targets() {
    return targets;
  }

  /** What is known of a descriptor; null if it has not been looked at. */
  OpenFile find(FileDescriptor descriptor) {
    return files.find(DioHook.number(descriptor), descriptor);
  }

  OpenFile find(int number, FileDescriptor descriptor) {
    return files.find(number, descriptor);
  }

  /** Makes a descriptor's operations go to a target, whatever its path. For the self-test. */
  void redirect(FileDescriptor descriptor, TagRule rule, Target target) {
    int number = DioHook.number(descriptor);
    OpenFile known = files.remove(number, descriptor);
    if (known != null) {
      known.close();
    }
    OpenFile unused = files.add(number, descriptor, OpenFile.redirected(descriptor, rule, target));
  }

  /** Does an operation on the target of a descriptor; NOT_MINE if it has none. */
  long redirect(OpenFile known, FileDescriptor descriptor, Call operation) throws IOException {
    Target target = target(known, descriptor);
    return target == null ? DioHook.NOT_MINE : call(target, operation);
  }

  long call(Target target, Call operation) throws IOException {
    boolean pinned = VirtualThreads.pin();
    try {
      return operation.on(target);
    } catch (IOException | RuntimeException | Error e) {
      return failed(e);
    } finally {
      VirtualThreads.unpin(pinned);
    }
  }

  /** Null if the operation is left to the JDK. Nothing has been submitted yet: never throws. */
  Target target(OpenFile known, FileDescriptor descriptor) {
    try {
      OpenFile file = known != null ? known : classify(descriptor);
      return file.isTagged() ? file.target(targets, DioHook.number(descriptor)) : null;
    } catch (RuntimeException | Error e) {
      unexpected(e);
      return null;
    }
  }

  /** Decides on a descriptor that is not known: opened just now, or before the agent came. */
  OpenFile classify(FileDescriptor descriptor) {
    int number = DioHook.number(descriptor);
    while (true) {
      Classifier current = classifier;
      OpenFile file = files.add(number, descriptor, openFile(descriptor, number, current));
      if (current == classifier) {
        return file;
      }
      OpenFile old = files.remove(number, descriptor);
      if (old != null) {
        old.close(); // Started meanwhile: once more, with tags.
      }
    }
  }

  private static OpenFile openFile(FileDescriptor descriptor, int number, Classifier current) {
    if (number <= STDERR_NUMBER || !OpenFiles.holds(number) || !current.hasRules()) {
      return OpenFile.untagged(descriptor);
    }
    String path = Classifier.pathOf(number);
    TagRule rule = path == null ? null : current.ruleFor(path);
    if (rule == null) {
      return OpenFile.untagged(descriptor);
    }
    if (AgentLog.isOn(AgentLog.Level.DEBUG)) {
      AgentLog.debug("tagged by " + rule.name() + ": " + path + ", descriptor " + number);
    }
    return OpenFile.tagged(descriptor, path, rule);
  }

  /** The rule for a descriptor that has no object; null if it is not tagged. Never throws. */
  TagRule ruleFor(int number) {
    try {
      Classifier current = classifier;
      String path = current.hasRules() ? Classifier.pathOf(number) : null;
      return path == null ? null : current.ruleFor(path);
    } catch (RuntimeException | Error e) {
      unexpected(e);
      return null;
    }
  }

  /** The descriptor is about to close: what its target still has to tell is kept for then. */
  void closing(FileDescriptor descriptor) {
    OpenFile file = files.remove(DioHook.number(descriptor), descriptor);
    IOException failure = file == null ? null : file.close();
    if (failure != null) {
      synchronized (closeFailures) {
        closeFailures.put(descriptor, failure);
        anyCloseFailure = true;
      }
    }
  }

  /** Throws what {@link #closing} kept. */
  void closed(FileDescriptor descriptor) throws IOException {
    if (!anyCloseFailure) {
      return;
    }
    IOException failure;
    synchronized (closeFailures) {
      failure = closeFailures.remove(descriptor);
      anyCloseFailure = !closeFailures.isEmpty();
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** A descriptor that nobody refers to any more: there is nobody to tell what closing came to. */
  void cleaning(int number) {
    OpenFile file = files.removeCleared(number);
    IOException failure = file == null ? null : file.close();
    if (failure != null) {
      AgentLog.warn("a file that was never closed: " + failure.getMessage());
    }
  }

  /**
   * An operation of a target threw. An IOException is its result. With an InternalError the
   * application's memory could not be read and nothing was submitted: the JDK's own attempt says so
   * properly. After anything else nobody knows what was submitted, and doing it again could write
   * twice.
   */
  private long failed(Throwable thrown) throws IOException {
    if (thrown instanceof IOException result) {
      throw result;
    }
    if (thrown instanceof InternalError) {
      return DioHook.NOT_MINE;
    }
    unexpected(thrown);
    throw new IOException("Input/output error", thrown);
  }

  /** Something that must not reach the application. */
  void unexpected(Throwable thrown) {
    if (toldUnexpected.compareAndSet(false, true)) {
      AgentLog.warn("unexpected, please report (told once): " + thrown);
    }
  }
}
