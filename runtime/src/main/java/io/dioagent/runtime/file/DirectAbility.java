package io.dioagent.runtime.file;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.device.Lane;
import io.dioagent.runtime.device.RuntimeContext;
import io.dioagent.runtime.linux.ErrnoException;
import io.dioagent.runtime.linux.Linux;

/**
 * A file's ability to go direct: as the kernel reported it at open, until a trial proves it wrong.
 * Thread-safe: each field is volatile, and changes one way only.
 */
public final class DirectAbility {
  private final RuntimeContext runtime;
  private final String path;
  private final boolean append;
  private final Descriptors descriptors;

  /** Only ever goes from direct to not direct. */
  private volatile Capability capability;

  private volatile boolean provenDirect;
  private volatile boolean nowaitRefused;

  DirectAbility(
      RuntimeContext runtime,
      String path,
      boolean append,
      Descriptors descriptors,
      Capability capability) {
    this.runtime = runtime;
    this.path = path;
    this.append = append;
    this.descriptors = descriptors;
    this.capability = capability;
  }

  /** See {@code DirectFile.alignBytes}. */
  public int alignBytes() {
    Capability known = capability;
    return known.direct() ? known.offsetAlignBytes() : (int) Linux.PAGE_BYTES;
  }

  /** See {@code DirectFile.isDirect}. */
  public boolean isDirect() {
    return capability.direct();
  }

  /** See {@code DirectFile.reason}. */
  public String reason() {
    return capability.reason();
  }

  /** Opens the direct descriptor, or records why there can be none. May block. */
  public void openDirect() {
    try {
      descriptors.direct();
    } catch (ErrnoException e) {
      noDirectAfter(e.errno(), "no direct descriptor: " + e.getMessage());
    }
  }

  /** Why a write on this lane cannot go direct; null if it can. */
  public String whyBuffered(Lane lane) {
    if (!lane.canGoDirect()) {
      return "no engine: " + runtime.whyNotDirect();
    }
    if (append) {
      return "append (O_APPEND): one buffered write keeps it atomic";
    }
    Capability known = capability;
    return known.direct() ? null : known.reason();
  }

  /** Whether a caller may submit by itself, as nothing will make it wait. */
  public boolean mayTryNowait() {
    return !nowaitRefused && descriptors.isDirectOpen();
  }

  /** Learns about the file from the outcome of one write. Does not throw, as an I/O has to end. */
  public void learn(PieceOutcome outcome) {
    try {
      switch (outcome) {
        case WROTE -> wentDirect();
        case NO_NOWAIT -> nowaitRefused = true;
        case NOT_DIRECT -> noDirectAfterEinval(Failures.WRITE);
        default -> {} // Of this write only.
      }
    } catch (OutOfMemoryError e) {
      return; // The next write shows it again.
    }
  }

  public void wentDirect() {
    provenDirect = true;
  }

  /** The trial failed, unless one has succeeded before. */
  public void noDirectAfterEinval(String operation) {
    if (!provenDirect) {
      noDirect(
          "a direct " + operation + " aligned to " + alignBytes() + " bytes was refused (EINVAL)");
    }
  }

  /** Records that there is no direct descriptor. It is retried if descriptors or memory ran out. */
  public void noDirectAfter(int errno, String reason) {
    if (errno != Errno.EMFILE && errno != Errno.ENFILE && errno != Errno.ENOMEM) {
      noDirect(reason);
    }
  }

  private void noDirect(String reason) {
    Capability none = Capability.none(reason);
    capability = none;
    reportTagged();
  }

  public void reportTagged() {
    Capability known = capability;
    runtime
        .events()
        .taggedFile(
            path,
            known.direct(),
            known.offsetAlignBytes(),
            known.memoryAlignBytes(),
            known.reason());
  }
}
