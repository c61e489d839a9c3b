package io.dioagent.runtime.write;

import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.base.Origin;
import io.dioagent.runtime.file.FileContext;
import io.dioagent.runtime.plan.Parts;
import java.io.IOException;

/** A file's writes of any length, as one request after the other of a bounded one. Thread-safe. */
public final class Segments {
  private Segments() {}

  /** How much of a write one request covers, at most. */
  public static long lengthBytes(FileContext file, long offset, long lengthBytes) {
    int align = file.alignBytes();
    long whole = Math.max(file.runtime().segmentBytes(file.isAppend()), align);
    return Math.min(lengthBytes, whole - (offset & align - 1));
  }

  /**
   * Writes a part of a source, and waits for its end.
   *
   * @param position of the source's first byte
   * @param appendPosition of the same, where the descriptor appends; -1 for its own
   * @return up to where the source is written
   */
  public static long write(
      FileContext file,
      WriteSource source,
      long from,
      long end,
      long position,
      long appendPosition,
      Origin origin)
      throws IOException {
    long done = from;
    while (done < end) {
      long segment = lengthBytes(file, position + done, end - done);
      long append = appendPosition < 0 ? appendPosition : appendPosition + done;
      long result;
      try {
        result = SyncWrite.of(file, position + done, segment, append, origin).run(source, position);
      } catch (RuntimeException | Error e) {
        if (done == from) {
          throw e;
        }
        break; // What is before this segment counts. Going on meets the failure once more.
      }
      if (result < 0 && done > 0 && Parts.isLimit((int) -result)) {
        break;
      }
      if (result < 0) {
        throw file.failures().failed(position + done, segment, (int) -result);
      }
      done += result;
      if (result < segment) {
        break;
      }
    }
    if (!file.isAppend()) {
      file.node().grewTo(position + done);
    }
    return done;
  }

  /**
   * Writes a part of a source behind the bytes on their way to the file, and waits for its end.
   *
   * @param from first byte of the part, from the start of the source
   * @param position of the source's first byte
   * @return bytes written, from there on
   */
  public static long writeBehindOthers(
      FileContext file, WriteSource source, long from, long end, long position, Origin origin)
      throws IOException {
    file.node().settle();
    return write(file, source, from, end, position, position, origin) - from;
  }
}
