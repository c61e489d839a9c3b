package io.dioagent.agent.hook;

import io.dioagent.agent.AgentException;
import io.dioagent.agent.AgentLog;
import io.dioagent.agent.options.Glob;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.FileHold;
import io.dioagent.runtime.api.Observation;
import io.dioagent.runtime.api.WriteMode;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sun.nio.ch.DioNatives;
import sun.nio.ch.DioStack;

/**
 * Finds the target of a descriptor. Keeps a record of each descriptor from its opening to its
 * closing.
 *
 * <p>Thread-safe. For files that are known and not tagged it takes no lock and allocates nothing.
 */
final class Redirection {
  private static final int STDERR_NUMBER = 2;

  private final DescriptorTable files = new DescriptorTable();
  private volatile Targets targets = Targets.NONE;
  private final Defects defects = new Defects();

  /** Passed by copies of whole files. */
  private final Gate copies = new Gate();

  /** Set by {@link #start}; before that, and after {@link #stop}, it tags no file. */
  private volatile Classifier classifier = Classifier.NOTHING;

  /** The thread that finds the descriptor of the agent's own jar; null once that is done. */
  private volatile Thread ownJarReader;

  /** Set in a thread that is classifying a descriptor. */
  private final ThreadLocal<Boolean> classifying = new ThreadLocal<>();

  private final CloseFailures closeFailures = new CloseFailures();

  /** Begins in the stopped state. */
  Redirection() {
    copies.close();
    copies.turnAway();
  }

  /** Starts tagging files, also those that are open already. */
  void start(Targets newTargets, List<TagRule> tags, List<Glob> excludes) {
    targets = newTargets;
    copies.reopen();
    tagBy(new Classifier(tags, excludes));
    loadClasses();
  }

  /**
   * Classifies a descriptor once, so that no class of the agent has to be loaded later. That may be
   * within a read of the agent's own jar, whose position class loading would change. Then
   * classifies the files that the agent itself uses within an operation: its jar, and its log.
   */
  private void loadClasses() {
    DirectTarget.loadClasses();
    try (FileInputStream any = new FileInputStream("/dev/null")) {
      OpenFile unused = classify(any.getFD());
    } catch (IOException | RuntimeException e) {
      AgentLog.debug("cannot open /dev/null: " + e);
    }
    OpenFile unused = classify(FileDescriptor.err);
    ownJarReader = Thread.currentThread();
    try {
      Classifier.readOwnJar(); // The JDK has one descriptor per jar.
    } catch (IOException e) {
      AgentLog.debug("the agent's own jar: " + e);
    } finally {
      ownJarReader = null;
    }
  }

  /** Whether the calling thread reads the agent's own jar to find its descriptor. */
  boolean readsOwnJar() {
    Thread reader = ownJarReader;
    return reader != null && reader == Thread.currentThread();
  }

  private void tagBy(Classifier next) {
    classifier = next;
    files.takeTagged(true);
    files.forgetUntagged(); // They were classified without these tags.
  }

  /** As {@link FileHook#stop}. */
  int stop(long untilNanoTime) throws AgentException {
    Classifier before = classifier;
    files.takeTagged(false);
    classifier = Classifier.NOTHING;
    copies.close();
    String busy = copies.awaitEmpty(untilNanoTime) ? null : "a copy of a file";
    Set<OpenFile> gone = new HashSet<>();
    int needHook = 0;
    List<FileHold> synchronous = new ArrayList<>();
    try {
      List<OpenFile> tagged = busy == null ? files.tagged() : List.of();
      // First: one channel's pending data must not be written after the JDK's writes by another.
      for (OpenFile file : tagged) {
        FileHold kept = keepSynchronous(file);
        if (kept != null) {
          synchronous.add(kept);
        }
      }
      for (OpenFile file : tagged) {
        if (busy == null && file.leave(untilNanoTime)) {
          Left left = letGo(file);
          needHook += left.needsHook() ? 1 : 0;
          if (left.closed()) {
            gone.add(file);
          }
        } else if (busy == null) {
          file.stay();
          busy = "an operation on " + file.path();
        }
      }
    } finally {
      for (FileHold kept : synchronous) {
        kept.close();
      }
      files.forget(gone);
    }
    if (busy != null) {
      copies.reopen();
      tagBy(before);
      throw new AgentException(busy + " does not end, so dio-agent stays");
    }
    copies.turnAway();
    return needHook;
  }

  private FileHold keepSynchronous(OpenFile file) {
    FileDescriptor descriptor = file.get();
    try {
      return descriptor != null && file.rule().policy().write() == WriteMode.PIPELINED
          ? targets.keepSynchronous(DioNatives.number(descriptor))
          : null;
    } catch (IOException e) {
      return null; // The descriptor has just been closed.
    }
  }

  private Left letGo(OpenFile file) {
    Left left = file.letGo();
    if (left.failure() != null && !file.isOf(null)) {
      closeFailures.keep(file, left.failure());
    }
    return left;
  }

  /** As {@link Targets#copy}, unless nothing is tagged any more. */
  Observation copy(int to, int from, TagRule rule) throws IOException {
    if (!copies.enter()) {
      return null;
    }
    try {
      return targets.copy(to, from, rule);
    } finally {
      copies.exit();
    }
  }

  Targets targets() {
    return targets;
  }

  /** Whether any file may be tagged, or has been. */
  boolean isStarted() {
    return targets != Targets.NONE;
  }

  /** Returns the record of a descriptor; null if it has not been classified. */
  OpenFile find(FileDescriptor descriptor) {
    return files.find(DioNatives.number(descriptor), descriptor);
  }

  OpenFile find(int number, FileDescriptor descriptor) {
    return files.find(number, descriptor);
  }

  /** A descriptor's number, for the self-test. */
  static int numberOf(FileDescriptor descriptor) {
    return DioNatives.number(descriptor);
  }

  /** As {@link Target#needsLittleStack}; false if the descriptor has no target yet. */
  boolean needsLittleStack(FileDescriptor descriptor) {
    OpenFile file = find(descriptor);
    GatedTarget gated = file == null ? null : file.targetIfAny();
    return gated != null && gated.target().needsLittleStack();
  }

  /** Makes a descriptor's operations go to a target, whatever its path. For the self-test. */
  void redirect(FileDescriptor descriptor, TagRule rule, Target target) {
    int number = DioNatives.number(descriptor);
    OpenFile known = files.remove(number, descriptor);
    if (known != null) {
      Throwable unused = known.closeApart();
    }
    OpenFile unused = files.add(number, descriptor, OpenFile.redirected(descriptor, rule, target));
  }

  /**
   * Begins an operation on the target of a descriptor.
   *
   * @return to be exited when it ends; null if the JDK is to do it, and no data is on its way to
   *     the file any more
   */
  GatedTarget enter(OpenFile known, FileDescriptor descriptor) {
    GatedTarget gated = target(known, descriptor);
    if (gated == null) {
      settle(descriptor);
      return null;
    }
    return gated.enter() ? gated : null;
  }

  /**
   * Waits until data on its way to a descriptor's file is in it.
   *
   * @throws StackOverflowError if the calling thread's stack is too short for that
   */
  void settle(FileDescriptor descriptor) {
    if (!targets.hasPending()) {
      return;
    }
    DioStack.requireStack();
    try {
      targets.settle(DioNatives.number(descriptor));
    } catch (RuntimeException | Error e) {
      unlessOwn(e);
    }
  }

  /**
   * Handles an exception from an operation that was entered; as {@link Defects#failed}. Also waits
   * for data on its way to the file, which the JDK's operation must not overtake.
   */
  long failed(GatedTarget gated, Throwable thrown) throws IOException {
    long left = defects.failed(thrown);
    gated.target().settle();
    return left;
  }

  /**
   * Returns null if the operation is left to the JDK. Nothing has been submitted yet: never throws.
   */
  GatedTarget target(OpenFile known, FileDescriptor descriptor) {
    try {
      OpenFile file = known != null ? known : classify(descriptor);
      return file.isTagged() ? file.target(targets, DioNatives.number(descriptor)) : null;
    } catch (RuntimeException | Error e) {
      unexpected(e);
      return null;
    }
  }

  /**
   * Classifies an unknown descriptor: opened just now, or before the agent came. Doing so may
   * itself read files, such as the agent's own jar for its classes. These are left alone, and
   * classified when they are met again.
   */
  OpenFile classify(FileDescriptor descriptor) {
    if (classifying.get() != null) {
      return OpenFile.untagged(descriptor);
    }
    classifying.set(Boolean.TRUE);
    try {
      return decide(descriptor);
    } finally {
      classifying.remove();
    }
  }

  private OpenFile decide(FileDescriptor descriptor) {
    int number = DioNatives.number(descriptor);
    while (true) {
      Classifier current = classifier;
      OpenFile file = files.add(number, descriptor, openFile(descriptor, number, current));
      if (file != null && (current == classifier || current.hasRules())) {
        return file;
      }
      // Started or stopped meanwhile: once more, with or without tags.
      OpenFile old = files.remove(number, descriptor);
      if (old != null) {
        Throwable unused = old.closeApart();
      }
    }
  }

  private static OpenFile openFile(FileDescriptor descriptor, int number, Classifier current) {
    if (number <= STDERR_NUMBER || !DescriptorTable.holds(number) || !current.hasRules()) {
      return OpenFile.untagged(descriptor);
    }
    String path = Classifier.pathOf(number);
    if (Classifier.isOwnJar(path)) {
      return OpenFile.ownJar(descriptor);
    }
    TagRule rule = path == null ? null : current.ruleFor(path);
    if (rule == null) {
      return OpenFile.untagged(descriptor);
    }
    if (AgentLog.isOn(AgentLog.Level.DEBUG)) {
      AgentLog.debug("tagged by " + rule.name() + ": " + path + ", descriptor " + number);
    }
    return OpenFile.tagged(descriptor, path, rule);
  }

  /**
   * Returns the rule for a descriptor that has no object; null if it is not tagged. Never throws.
   */
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

  /** Returns the rule for a real path; null if it is not tagged. */
  TagRule ruleFor(String path) {
    return classifier.ruleFor(path);
  }

  /**
   * Called before a descriptor is closed: closes its target, and keeps a failure for {@link
   * #closed}.
   */
  void closing(FileDescriptor descriptor) {
    OpenFile file = files.remove(DioNatives.number(descriptor), descriptor);
    Throwable failure = file == null ? null : file.close();
    if (failure != null) {
      closeFailures.keep(file, failure);
    }
  }

  /** Called after {@link #closing} or {@link #cleaning}, before the application closes a number. */
  void applicationCloses(int number) {
    if (number >= 0) {
      if (targets.keptDescriptors() > 0) {
        DioStack.requireStack();
      }
      targets.applicationCloses(number);
    }
  }

  /** Throws the failure that {@link #closing} kept, if any. */
  void closed(FileDescriptor descriptor) throws IOException {
    closeFailures.throwIfAny(descriptor);
  }

  /** Called for an unreachable descriptor: a failure of its close can only be logged. */
  void cleaning(int number) {
    OpenFile file = files.removeCleared(number);
    Throwable failure = file == null ? null : file.close();
    if (failure != null) {
      AgentLog.warn("a file that was never closed: " + failure.getMessage());
    }
  }

  /** Handles an exception that affects only the agent; see {@link Defects#unexpected}. */
  void unexpected(Throwable thrown) {
    defects.unexpected(thrown);
  }

  /** See {@link Defects#unlessOwn}. */
  void unlessOwn(Throwable thrown) {
    defects.unlessOwn(thrown);
  }
}
