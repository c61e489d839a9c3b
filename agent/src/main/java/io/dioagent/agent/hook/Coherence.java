package io.dioagent.agent.hook;

import io.dioagent.agent.AgentLog;
import io.dioagent.agent.options.Mode;
import io.dioagent.agent.options.TagRule;
import io.dioagent.runtime.FileHold;
import io.dioagent.runtime.api.ReadMode;
import io.dioagent.runtime.api.WriteMode;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import sun.nio.ch.DioNatives;
import sun.nio.ch.DioStack;

/**
 * Keeps files coherent for all code in this process, also where writes return before they are done:
 * a file is settled before it is looked at. While a mapping or a native method may look at a file
 * unseen, it is written synchronously.
 *
 * <p>Thread-safe. Where nothing is pipelined each method is a read of a field and a branch.
 */
final class Coherence {
  /** Stands for characters of a file's name that the JDK could not decode. */
  private static final char UNDECODED = '\uFFFD';

  private final Redirection redirection;

  /** Whether reads of tagged files go to their targets. Set together with {@link #pipelines}. */
  private volatile boolean readsAreCalls;

  private volatile boolean pipelines;

  /** Holds on mapped files, by the object that unmaps them. */
  private final Map<Object, FileHold> mappings =
      Collections.synchronizedMap(new IdentityHashMap<>());

  Coherence(Redirection redirection) {
    this.redirection = redirection;
  }

  void start(Mode mode, List<TagRule> tags) {
    boolean readsDirect = false;
    boolean writesPipelined = false;
    for (TagRule tag : tags) {
      readsDirect |= tag.policy().read() != ReadMode.BUFFERED;
      writesPipelined |= tag.policy().write() == WriteMode.PIPELINED;
    }
    readsAreCalls = readsDirect || mode == Mode.OBSERVE;
    pipelines = writesPipelined && mode == Mode.DIRECT;
  }

  /**
   * Makes writes to files synchronous that were mapped before the agent came, because their
   * unmapping is not seen either. To be called once they are tagged.
   */
  void keepMapped() {
    if (!pipelines) {
      return;
    }
    try {
      for (String path : MappedFiles.paths()) {
        FileHold kept =
            isPipelined(redirection.ruleFor(path))
                ? redirection.targets().keepSynchronous(path)
                : null;
        if (kept != null) {
          mappings.put(kept, kept);
        }
      }
    } catch (IOException e) {
      AgentLog.warn("files that are mapped already may be read before they are written: " + e);
    }
  }

  private static boolean isPipelined(TagRule rule) {
    return rule != null && rule.policy().write() == WriteMode.PIPELINED;
  }

  /** Called when no file is tagged any more. */
  void stop() {
    readsAreCalls = false;
    pipelines = false;
    synchronized (mappings) {
      for (FileHold kept : mappings.values()) {
        kept.close();
      }
      mappings.clear();
    }
  }

  /**
   * Whether a write is left to the JDK. It may begin then: data on its way to the file has been
   * settled.
   */
  boolean leavesWrite(OpenFile known, FileDescriptor descriptor) {
    boolean leaves = known != null && !known.isTagged();
    if (leaves) {
      touching(descriptor);
    }
    return leaves;
  }

  /** Whether a read is left to the JDK, and may begin. Otherwise a target decides. */
  boolean leavesRead(OpenFile known, FileDescriptor descriptor) {
    boolean isCall = isCall(known);
    if (!isCall && (known == null || !known.isOwnJar())) {
      touching(descriptor);
    }
    return !isCall;
  }

  /** Whether a target decides on a read. */
  boolean isCall(OpenFile known) {
    return (readsAreCalls || (known == null && redirection.readsOwnJar()))
        ? known == null || known.isTagged()
        : known != null && known.targetIfAny() != null;
  }

  void touching(FileDescriptor descriptor) {
    if (pipelines) {
      redirection.settle(descriptor);
    }
  }

  void changed(FileDescriptor descriptor) {
    if (!pipelines && !readsAreCalls) {
      return;
    }
    try {
      redirection.targets().sizeChanged(DioNatives.number(descriptor));
    } catch (RuntimeException | Error e) {
      redirection.unlessOwn(e);
    }
  }

  /**
   * Called before a file is looked at by its path.
   *
   * @param path null for any file; a byte[] is not resolved, and counts as any file
   */
  void path(Object path) {
    if (!pipelines || !redirection.targets().hasPending()) {
      return;
    }
    DioStack.requireStack();
    try {
      redirection.targets().settlePath(known(path));
    } catch (RuntimeException | Error e) {
      redirection.unlessOwn(e);
    }
  }

  /** As {@link #path}, before the file's times or rights may be set. */
  void changing(Object path) {
    path(path);
    if (!redirection.targets().hasNotices()) {
      return;
    }
    DioStack.requireStack();
    try {
      redirection.targets().quiet(known(path));
    } catch (RuntimeException | Error e) {
      redirection.unlessOwn(e);
    }
  }

  /** Returns the path as a string; null for any file. */
  private static String known(Object path) {
    String name = path == null || path instanceof byte[] ? null : path.toString();
    // In the locale C the JDK has characters for ASCII only.
    return name != null && name.indexOf(UNDECODED) < 0 ? name : null;
  }

  void mapped(Object unmapper, FileDescriptor descriptor) {
    FileHold kept = pipelines ? keepSynchronous(DioNatives.number(descriptor)) : null;
    if (kept != null) {
      mappings.put(unmapper, kept);
    }
  }

  void unmapping(Object unmapper) {
    FileHold kept = pipelines ? mappings.remove(unmapper) : null;
    if (kept != null) {
      kept.close();
    }
  }

  void unguarded(FileDescriptor descriptor) {
    if (!pipelines) {
      return;
    }
    try {
      OpenFile known = redirection.find(descriptor);
      OpenFile file = known == null ? redirection.classify(descriptor) : known;
      if (file.isTagged() && !file.isKept()) {
        file.keep(keepSynchronous(DioNatives.number(descriptor)));
      }
    } catch (RuntimeException | Error e) {
      redirection.unlessOwn(e);
    }
  }

  /** Returns null if its file is not pipelined. */
  private FileHold keepSynchronous(int number) {
    try {
      return isPipelined(redirection.ruleFor(number))
          ? redirection.targets().keepSynchronous(number)
          : null;
    } catch (IOException e) {
      AgentLog.debug("not pipelined in any case: " + e.getMessage());
      return null;
    } catch (RuntimeException | Error e) {
      redirection.unlessOwn(e); // The application could see old bytes in its mapping.
      return null;
    }
  }

  /** Called when the JVM ends. */
  void exit() {
    if (pipelines) {
      redirection.targets().exit();
    }
    changing(null);
  }
}
