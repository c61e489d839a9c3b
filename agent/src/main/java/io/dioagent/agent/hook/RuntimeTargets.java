package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import io.dioagent.agent.options.Mode;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.FileHold;
import io.dioagent.runtime.LockCall;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.Observation;
import io.dioagent.runtime.api.ReadMode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.function.Supplier;

/** Targets on the direct-I/O runtime. Thread-safe. */
final class RuntimeTargets implements Targets {
  private final DirectRuntime runtime;
  private final Mode mode;

  /** A policy with direct reads, so that descriptors are adopted that are open for reading only. */
  private record Observing(TagRule rule) implements Supplier<FilePolicy> {
    @Override
    public FilePolicy get() {
      return rule.policy().withRead(ReadMode.DIRECT);
    }
  }

  RuntimeTargets(DirectRuntime runtime, Mode mode) {
    this.runtime = runtime;
    this.mode = mode;
    runtime.deliverOn(new GroupThreads());
  }

  @Override
  public Target adopt(int number, TagRule rule) throws IOException {
    Target target =
        mode == Mode.OBSERVE
            ? new ObservedTarget(runtime.adopt(number, new Observing(rule), rule.name()))
            : new DirectTarget(runtime.adopt(number, rule, rule.name()), rule.policy().read());
    rule.countFile();
    return target;
  }

  @Override
  public Observation copy(int to, int from, TagRule rule) throws IOException {
    DirectFile file;
    try {
      FilePolicy policy = rule.policy();
      file = runtime.adopt(to, () -> policy, rule.name());
    } catch (IOException e) {
      AgentLog.info("copied by the JDK: " + e.getMessage());
      return null;
    }
    rule.countFile();
    if (mode == Mode.OBSERVE) {
      return file.observeCopy(from);
    }
    try (file) {
      file.copyFrom(from);
      return null;
    } catch (IOException e) {
      // As java.nio.file reports the kernel's errors.
      IOException failure = new FileSystemException(file.path(), null, e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }

  @Override
  public boolean hasPending() {
    return runtime.hasPending();
  }

  @Override
  public void settle(int number) {
    runtime.settle(number);
  }

  @Override
  public void settlePath(String path) {
    if (path == null) {
      runtime.settleAll();
    } else {
      runtime.settlePath(path);
    }
  }

  @Override
  public boolean hasNotices() {
    return runtime.hasNotices();
  }

  @Override
  public void quiet(String path) {
    runtime.quiet(path);
  }

  @Override
  public void sizeChanged(int number) {
    runtime.sizeChanged(number);
  }

  @Override
  public LockCall lockCall(int number) {
    return mode == Mode.OBSERVE ? null : runtime.lockCall(number);
  }

  @Override
  public void applicationCloses(int number) {
    runtime.applicationCloses(number);
  }

  @Override
  public int keptDescriptors() {
    return runtime.keptDescriptors();
  }

  @Override
  public void exit() {
    runtime.stopPipelining();
  }

  @Override
  public FileHold keepSynchronous(int number) throws IOException {
    return runtime.keepSynchronous(number);
  }

  @Override
  public FileHold keepSynchronous(String path) {
    return runtime.keepSynchronous(path);
  }
}
