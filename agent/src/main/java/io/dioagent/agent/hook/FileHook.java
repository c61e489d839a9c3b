package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import io.dioagent.agent.options.Glob;
import io.dioagent.agent.options.Mode;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.DirectRuntime;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.nio.ch.DioHook;

/**
 * The hook: finds the file of a descriptor and hands its operations to its target, or leaves them
 * to the JDK.
 *
 * <p>Thread-safe. Operations on files that are not tagged take no lock and allocate nothing.
 */
public final class FileHook extends DioHook {
  private static final int STDERR_NUMBER = 2;

  private final OpenFiles files = new OpenFiles();

  /** Set once, by {@link #start}; until then no file is tagged. */
  private volatile Classifier classifier = Classifier.NOTHING;

  private final Targets targets;
  private final AtomicBoolean toldUnexpected = new AtomicBoolean();

  /** A hook that redirects to, or observes with, a runtime, once it is started. */
  public FileHook(Mode mode, DirectRuntime runtime) {
    this(new RuntimeTargets(runtime, mode));
  }

  FileHook(Targets targets) {
    this.targets = targets;
  }

  /** From now on files are tagged, also those that are open already. */
  public void start(List<TagRule> tags, List<Glob> excludes) {
    classifier = new Classifier(tags, excludes);
    files.forgetAll(); // What was found untagged so far was so for want of tags.
  }

  /** An operation on a target. */
  private abstract static class Call {
    abstract long on(Target target) throws IOException;
  }

  @Override
  protected long onWrite(FileDescriptor descriptor, long address, int length) throws IOException {
    OpenFile file = files.find(number(descriptor), descriptor);
    return isUntagged(file)
        ? NOT_MINE
        : redirect(
            file,
            descriptor,
            new Call() {
              @Override
              long on(Target target) throws IOException {
                return target.write(descriptor, address, length);
              }
            });
  }

  @Override
  protected long onWriteAt(FileDescriptor descriptor, long address, int length, long position)
      throws IOException {
    OpenFile file = files.find(number(descriptor), descriptor);
    return isUntagged(file)
        ? NOT_MINE
        : redirect(
            file,
            descriptor,
            new Call() {
              @Override
              long on(Target target) throws IOException {
                return target.writeAt(descriptor, address, length, position);
              }
            });
  }

  @Override
  protected long onGather(FileDescriptor descriptor, long address, int count) throws IOException {
    OpenFile file = files.find(number(descriptor), descriptor);
    return isUntagged(file)
        ? NOT_MINE
        : redirect(
            file,
            descriptor,
            new Call() {
              @Override
              long on(Target target) throws IOException {
                return target.gather(descriptor, address, count);
              }
            });
  }

  @Override
  protected long onWriteByte(FileDescriptor descriptor, int value) throws IOException {
    OpenFile file = files.find(number(descriptor), descriptor);
    return isUntagged(file)
        ? NOT_MINE
        : redirect(
            file,
            descriptor,
            new Call() {
              @Override
              long on(Target target) throws IOException {
                return target.writeByte(descriptor, value);
              }
            });
  }

  @Override
  protected long onWriteBytes(FileDescriptor descriptor, byte[] bytes, int offset, int length)
      throws IOException {
    OpenFile file = files.find(number(descriptor), descriptor);
    return isUntagged(file)
        ? NOT_MINE
        : redirect(
            file,
            descriptor,
            new Call() {
              @Override
              long on(Target target) throws IOException {
                return target.writeBytes(descriptor, bytes, offset, length);
              }
            });
  }

  @Override
  protected long onTransfer(FileDescriptor from, FileDescriptor to) {
    OpenFile file = files.find(number(to), to);
    if (isUntagged(file)) {
      return NOT_MINE;
    }
    Target target = target(file, to);
    return target == null || target.letsKernelTransfer() ? NOT_MINE : UNSUPPORTED_CASE;
  }

  @Override
  protected void onCopying(int to, int from) throws IOException {
    TagRule rule;
    try {
      String path = classifier.hasRules() ? Classifier.pathOf(to) : null;
      rule = path == null ? null : classifier.ruleFor(path);
    } catch (RuntimeException | Error e) {
      unexpected(e);
      return;
    }
    if (rule != null) {
      targets.copy(to, from, rule);
    }
  }

  /** Only of files that were written: there is nothing else of ours to be forced. */
  @Override
  protected long onForce(FileDescriptor descriptor, boolean metadata) throws IOException {
    OpenFile file = files.find(number(descriptor), descriptor);
    Target target = file == null ? null : file.targetIfAny();
    if (target == null) {
      return NOT_MINE;
    }
    return call(
        target,
        new Call() {
          @Override
          long on(Target forced) throws IOException {
            return forced.force(descriptor, metadata);
          }
        });
  }

  @Override
  protected void onOpened(FileDescriptor descriptor) {
    try {
      if (files.find(number(descriptor), descriptor) == null) {
        OpenFile unused = classify(descriptor);
      }
    } catch (RuntimeException | Error e) {
      unexpected(e);
    }
  }

  @Override
  protected void onClosing(FileDescriptor descriptor) {
    try {
      close(files.remove(number(descriptor), descriptor));
    } catch (RuntimeException | Error e) {
      unexpected(e);
    }
  }

  @Override
  protected void onCleaning(int number) {
    try {
      close(files.removeCleared(number));
    } catch (RuntimeException | Error e) {
      unexpected(e);
    }
  }

  /** Makes a descriptor's operations go to a target, whatever its path. For the self-test. */
  void redirect(FileDescriptor descriptor, TagRule rule, Target target) {
    int number = number(descriptor);
    close(files.remove(number, descriptor));
    OpenFile unused = files.add(number, descriptor, OpenFile.redirected(descriptor, rule, target));
  }

  /** Whether a descriptor has been seen and not closed. For the self-test. */
  boolean knows(int number, FileDescriptor descriptor) {
    return files.find(number, descriptor) != null;
  }

  /** A descriptor's number, for the self-test. */
  static int numberOf(FileDescriptor descriptor) {
    return number(descriptor);
  }

  private static boolean isUntagged(OpenFile known) {
    return known != null && !known.isTagged();
  }

  private long redirect(OpenFile known, FileDescriptor descriptor, Call operation)
      throws IOException {
    Target target = target(known, descriptor);
    return target == null ? NOT_MINE : call(target, operation);
  }

  private long call(Target target, Call operation) throws IOException {
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
  private Target target(OpenFile known, FileDescriptor descriptor) {
    try {
      OpenFile file = known != null ? known : classify(descriptor);
      return file.isTagged() ? file.target(targets, number(descriptor)) : null;
    } catch (RuntimeException | Error e) {
      unexpected(e);
      return null;
    }
  }

  /** Decides on a descriptor that is not known: opened just now, or before the agent came. */
  private OpenFile classify(FileDescriptor descriptor) {
    int number = number(descriptor);
    while (true) {
      Classifier current = classifier;
      OpenFile file = files.add(number, descriptor, openFile(descriptor, number, current));
      if (current == classifier) {
        return file;
      }
      close(files.remove(number, descriptor)); // Started meanwhile: once more, with tags.
    }
  }

  private OpenFile openFile(FileDescriptor descriptor, int number, Classifier current) {
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
      return NOT_MINE;
    }
    unexpected(thrown);
    throw new IOException("Input/output error", thrown);
  }

  private void unexpected(Throwable thrown) {
    if (toldUnexpected.compareAndSet(false, true)) {
      AgentLog.warn("unexpected, please report (told once): " + thrown);
    }
  }

  private static void close(OpenFile file) {
    if (file != null) {
      file.close();
    }
  }
}
