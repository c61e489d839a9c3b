package io.dioagent.agent.live;

import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.InFlightRequest;
import io.dioagent.runtime.api.RequestInfo;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Finds threads that the kernel holds in native file I/O which the agent did not begin: before it
 * was attached, or on a file without a tag.
 *
 * <p>A thread counts as held if it was twice found in the same system call, and had not run in
 * between. The time before the first look is not known. Thread-safe.
 */
final class HeldThreads {
  /** Begins the name of such an operation among the requests in flight. */
  static final String OPERATION = "native ";

  /** Begins the names of the agent's threads, whose calls are parts of requests. */
  private static final String OWN_THREADS = "dio-";

  private static final String UNKNOWN_FILE = "(unknown)";

  /** Least time between the two looks: a call that takes longer is slow for a healthy device. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** The state of a thread that not even a signal wakes. */
  private static final String BLOCKED = "D";

  /** Functions of the kernel in which a thread waits for another one, and not for a device. */
  private static final Set<String> NO_DEVICE = Set.of("pipe_", "anon_pipe_", "fifo_", "n_tty_");

  private final List<TagRule> tags;

  /** By the kernel's number of the thread. Guarded by this. */
  private final Map<Integer, Held> seen = new LinkedHashMap<>();

  /**
   * A thread in a call.
   *
   * @param threads how many threads in such calls it may be, by its name; usually 1
   */
  private record Held(
      Thread thread,
      NativeCall call,
      Task task,
      OpenDescriptor file,
      int threads,
      long sinceNanoTime) {}

  HeldThreads(List<TagRule> tags) {
    this.tags = tags;
  }

  /** Looks at all threads, and once more if some may be held, and returns these. */
  List<InFlightRequest> look() {
    if (scan()) {
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
    return rows();
  }

  /** Looks at all threads; returns whether any was found for the first time. */
  synchronized boolean scan() {
    Map<Thread, NativeCall> calls = new LinkedHashMap<>();
    Thread.getAllStackTraces()
        .forEach(
            (thread, stack) -> {
              NativeCall call = NativeCall.of(stack);
              boolean isOwn =
                  thread == Thread.currentThread() || thread.getName().startsWith(OWN_THREADS);
              if (call != null && !isOwn) {
                calls.put(thread, call);
              }
            });
    boolean isNew = false;
    long now = System.nanoTime();
    for (Task task : calls.isEmpty() ? List.<Task>of() : Task.all()) {
      Held held = held(task, calls, now);
      Held before = held == null ? null : seen.get(task.id());
      if (held != null && (before == null || !task.isHeldSince(before.task()))) {
        seen.put(task.id(), held);
        isNew = true;
      }
    }
    return isNew;
  }

  /** Returns a task that is in one of these calls; null if it is in none. */
  private static Held held(Task task, Map<Thread, NativeCall> calls, long now) {
    if (task.call().isEmpty() || NO_DEVICE.stream().anyMatch(task.waitingIn()::startsWith)) {
      return null;
    }
    Held found = null;
    int count = 0;
    for (Map.Entry<Thread, NativeCall> entry : calls.entrySet()) {
      NativeCall call = entry.getValue();
      if (task.mayBe(entry.getKey()) && (call.hasDescriptor() || task.state().equals(BLOCKED))) {
        OpenDescriptor file =
            call.hasDescriptor() ? OpenDescriptor.of(task.argument(0)) : OpenDescriptor.UNKNOWN;
        if (call.hasDescriptor() && !file.isRealFile()) {
          continue;
        }
        count++;
        found = new Held(entry.getKey(), call, task, file, count, now);
      }
    }
    return found;
  }

  /** Returns those that are still held, as requests without an id. Any thread, often. */
  synchronized List<InFlightRequest> rows() {
    List<InFlightRequest> rows = new ArrayList<>();
    long now = System.nanoTime();
    for (Iterator<Held> all = seen.values().iterator(); all.hasNext(); ) {
      Held held = all.next();
      Task task = Task.of(held.task().id());
      if (task == null || !task.isHeldSince(held.task())) {
        all.remove();
      } else if (now - held.sinceNanoTime() >= LOOK_NANOS) {
        rows.add(row(held, task, now - held.sinceNanoTime()));
      }
    }
    return rows;
  }

  private InFlightRequest row(Held held, Task task, long ageNanos) {
    NativeCall call = held.call();
    OpenDescriptor file = held.file();
    String path = file.path() == null ? UNKNOWN_FILE : file.path();
    long offset = call.hasOffset() ? held.task().argument(3) : file.offset();
    long length = call.hasLength() ? Math.max(0, held.task().argument(2)) : 0;
    TagRule tag = TagRule.of(path, tags);
    FilePolicy policy = tag == null ? FilePolicy.DEFAULT : tag.policy();
    return new InFlightRequest(
        OPERATION + call.kind(),
        new RequestInfo(0, path, offset, length),
        ageNanos,
        policy.deadline().toNanos(),
        "the kernel, thread "
            + task.id()
            + " in state "
            + task.state()
            + (task.waitingIn().isEmpty() ? "" : " in " + task.waitingIn())
            + (tag == null ? ", no tag" : "")
            + (held.threads() == 1 ? "" : ", one of " + held.threads() + " threads of this name")
            + "; not begun under the agent, age since first seen",
        held.thread(),
        file.device());
  }
}
