package io.dioagent.runtime.plan;

import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.memory.NativeBuffer;
import java.util.List;

/** The parts of one write, in the order of the file, and their totals. */
public final class Parts {
  private final Part[] parts;

  public Parts(List<WritePlan.Part> plan, NativeBuffer[] buffers) {
    parts = new Part[plan.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new Part(plan.get(i), buffers[plan.get(i).buffer()]);
    }
  }

  /**
   * Makes parts whose bytes are in place.
   *
   * @param offset of the first part, in the file
   * @param address of its first byte; the others follow
   */
  public Parts(List<WritePlan.Part> plan, long offset, long address) {
    parts = new Part[plan.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = new Part(plan.get(i), address + plan.get(i).offset() - offset);
    }
  }

  /** Takes parts in the order of the file, whose bytes are in place in any memory. */
  public Parts(List<Part> parts) {
    this.parts = parts.toArray(Part[]::new);
  }

  public int count() {
    return parts.length;
  }

  public Part get(int index) {
    return parts[index];
  }

  public boolean allDirect() {
    for (Part part : parts) {
      if (!part.isDirect()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the first part that is still to be written; -1 if there is none, or an error comes
   * before it.
   */
  public int firstOpen() {
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].errno() != 0) {
        return -1;
      }
      if (parts[i].isOpen()) {
        return i;
      }
    }
    return -1;
  }

  /** Returns the first part's error, negative; 0 if there is none. */
  public long firstError() {
    for (Part part : parts) {
      if (part.errno() != 0) {
        return -part.errno();
      }
    }
    return 0;
  }

  /** Fails the unwritten rest of a part and of all parts after it. */
  public void failFrom(int first, int errno) {
    for (int i = first; i < parts.length; i++) {
      if (parts[i].isOpen()) {
        parts[i].failed(errno);
      }
    }
  }

  public long directBytes() {
    long bytes = 0;
    for (Part part : parts) {
      bytes += part.directBytes();
    }
    return bytes;
  }

  public long bufferedBytes() {
    long bytes = 0;
    for (Part part : parts) {
      bytes += part.bufferedBytes();
    }
    return bytes;
  }

  /** Returns how far submission got: the end of the last part that was handled in any way. */
  public long handledBytes() {
    for (int i = parts.length - 1; i >= 0; i--) {
      if (parts[i].doneBytes() > 0 || parts[i].errno() != 0) {
        return parts[i].offset() + parts[i].lengthBytes() - parts[0].offset();
      }
    }
    return 0;
  }

  /** Returns the offset of the first byte that went direct; -1 if none did. */
  public long directFrom() {
    for (Part part : parts) {
      if (part.directBytes() > 0) {
        return part.offset();
      }
    }
    return -1;
  }

  /** Returns the offset after the last byte that went direct; -1 if none did. */
  public long directEnd() {
    for (int i = parts.length - 1; i >= 0; i--) {
      if (parts[i].directBytes() > 0) {
        return parts[i].offset() + parts[i].doneBytes();
      }
    }
    return -1;
  }

  /**
   * Returns the result that write(2) would have. An error replaces the count of bytes before it, as
   * in the completion (000). Exceptions are limits and failures of a buffered part: there the
   * kernel itself returns the progress, and the error at the next write (001).
   *
   * @param dioResult the completion
   */
  public long outcome(long dioResult) {
    long progress = 0;
    Part stopped = null;
    for (Part part : parts) {
      progress += part.doneBytes();
      if (part.doneBytes() < part.lengthBytes()) {
        stopped = part;
        break;
      }
    }
    long error = dioResult < 0 ? dioResult : firstError();
    if (error == 0) {
      return progress;
    }
    boolean progressWins =
        stopped != null
            && error == -stopped.errno()
            && (isLimit(stopped.errno()) || !stopped.isDirect());
    return progress > 0 && progressWins ? progress : error;
  }

  /**
   * Returns whether write(2) returns the progress for this errno, if there is any, and the error at
   * the next write.
   */
  public static boolean isLimit(int errno) {
    return errno == Errno.EFBIG
        || errno == Errno.ENOSPC
        || errno == Errno.EDQUOT
        || errno == Errno.EFAULT;
  }
}
