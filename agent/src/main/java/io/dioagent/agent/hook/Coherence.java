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
import sun.nio.ch.DioHook;

/**
 * Sees to it that whoever looks at a file in this process finds in it what was written, also where
 * writes return before: what was written is settled first. What cannot be seen looking, a mapping
 * or a native method, has the file written synchronously for as long as it is there.
 *
 * <p>Thread-safe. Where nothing is pipelined each method is a read of a field and a branch.
 */
final class Coherence {
  /** In place of what the JDK could not decode of a file's name. */
  private static final char UNDECODED = '\uFFFD';

  private final Redirection redirection;

  /** Whether reads of tagged files have to be seen. Set as the next one. */
  private volatile boolean readsAreCalls;

  private volatile boolean pipelines;

  /** Files that are mapped, by what unmaps them. */
  private final Map<Object, FileHold> mappings =
      Collections.synchronizedMap(new IdentityHashMap<>());

  Coherence(Redirection redirection) {
    this.redirection = redirection;
  }

  void start(Mode mode, List<TagRule> tags) {
    boolean readsDirect = false;
    boolean writesPipelined = false;
    for (TagRule tag : tags) {
      readsDirect |= tag.policy().read() == ReadMode.DIRECT;
      writesPipelined |= tag.policy().write() == WriteMode.PIPELINED;
    }
    readsAreCalls = readsDirect || mode == Mode.OBSERVE;
    pipelines = writesPipelined && mode == Mode.DIRECT;
  }

  /**
   * Files that were mapped before anybody saw it are written synchronously from now on, for nobody
   * will see them unmapped either. To be called once they are tagged.
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

  /** Nothing is tagged any more. */
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

  /** Whether a write is the JDK's; it may begin then, behind what is on its way to its file. */
  boolean leavesWrite(OpenFile known, FileDescriptor descriptor) {
    boolean leaves = known != null && !known.isTagged();
    if (leaves) {
      touching(descriptor);
    }
    return leaves;
  }

  /** Whether a read is the JDK's; it may begin then. If not, it is a target's to decide. */
  boolean leavesRead(OpenFile known, FileDescriptor descriptor) {
    boolean isCall = isCall(known);
    if (!isCall && (known == null || !known.isOwnJar())) {
      touching(descriptor);
    }
    return !isCall;
  }

  /** Whether a read is a target's to decide. */
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
      redirection.targets().sizeChanged(DioHook.number(descriptor));
    } catch (RuntimeException | Error e) {
      redirection.unlessOwn(e);
    }
  }

  /**
   * A file is looked at by its path.
   *
   * @param path null for any file, and a byte[] for one that is not known either
   */
  void path(Object path) {
    if (!pipelines || !redirection.targets().hasPending()) {
      return;
    }
    DioHook.requireStack();
    try {
      redirection.targets().settlePath(known(path));
    } catch (RuntimeException | Error e) {
      redirection.unlessOwn(e);
    }
  }

  /** As {@link #path}, and the file's times or rights may be set. */
  void changing(Object path) {
    path(path);
    if (!redirection.targets().hasNotices()) {
      return;
    }
    DioHook.requireStack();
    try {
      redirection.targets().quiet(known(path));
    } catch (RuntimeException | Error e) {
      redirection.unlessOwn(e);
    }
  }

  /** Null for any file. */
  private static String known(Object path) {
    String name = path == null || path instanceof byte[] ? null : path.toString();
    // In the locale C the JDK has characters for ASCII only.
    return name != null && name.indexOf(UNDECODED) < 0 ? name : null;
  }

  void mapped(Object unmapper, FileDescriptor descriptor) {
    FileHold kept = pipelines ? keepSynchronous(DioHook.number(descriptor)) : null;
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
        file.keep(keepSynchronous(DioHook.number(descriptor)));
      }
    } catch (RuntimeException | Error e) {
      redirection.unexpected(e);
    }
  }

  /** Null if its file is not pipelined. */
  private FileHold keepSynchronous(int number) {
    try {
      return isPipelined(redirection.ruleFor(number))
          ? redirection.targets().keepSynchronous(number)
          : null;
    } catch (IOException e) {
      AgentLog.debug("not pipelined in any case: " + e.getMessage());
      return null;
    } catch (RuntimeException | Error e) {
      redirection.unexpected(e);
      return null;
    }
  }

  /** The JVM ends. */
  void exit() {
    if (pipelines) {
      redirection.targets().exit();
    }
    changing(null);
  }
}
