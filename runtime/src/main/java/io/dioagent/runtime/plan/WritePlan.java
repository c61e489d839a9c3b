package io.dioagent.runtime.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts one write: an aligned middle that goes direct, in pieces that may be in flight concurrently,
 * and the rest at both ends, which goes through the page cache. Cuts at page boundaries, because a
 * direct write that shares a page with a dirty buffered one makes the kernel write that page back
 * first.
 *
 * <pre>
 *  align:      |         |         |         |         |
 *  write:           [head][  direct  ][  direct  ][tail]
 *  buffers:    |    buffer 0          |     buffer 1   |     each begins at an aligned offset
 * </pre>
 */
public final class WritePlan {
  private WritePlan() {}

  /**
   * One contiguous part.
   *
   * @param offset in the file
   * @param lengthBytes more than 0
   * @param buffer index of the buffer that holds the part
   * @param bufferOffset offset of the part in that buffer
   * @param whyBuffered null if it goes direct
   */
  public record Part(
      long offset, int lengthBytes, int buffer, int bufferOffset, String whyBuffered) {}

  /**
   * Cuts a write into parts.
   *
   * @param offset of the write; the first part's too
   * @param alignBytes a power of two
   * @param pieceBytes size of a buffer, a multiple of alignBytes
   * @param whyBuffered null if the aligned middle may go direct
   */
  public static List<Part> cut(
      long offset, long lengthBytes, int alignBytes, int pieceBytes, String whyBuffered) {
    List<Part> parts = new ArrayList<>();
    // All relative to the base, for offsets near the largest possible one.
    long base = offset & -alignBytes;
    long start = offset - base;
    long end = start + lengthBytes;
    long middle = start + alignBytes - 1 & -alignBytes;
    long middleEnd = Math.max(middle, end & -alignBytes);
    boolean noMiddle = whyBuffered != null || middle == middleEnd;
    for (long at = start; at < end; ) {
      int buffer = (int) (at / pieceBytes);
      long bufferBase = (long) buffer * pieceBytes;
      long until = Math.min(end, bufferBase + pieceBytes);
      String why = whyBuffered;
      if (whyBuffered == null) {
        if (noMiddle) {
          why = "smaller than an aligned block of " + alignBytes;
        } else if (at < middle) {
          until = middle;
          why = "head before an offset aligned to " + alignBytes;
        } else if (at < middleEnd) {
          until = Math.min(until, middleEnd);
        } else {
          why = "tail after an offset aligned to " + alignBytes;
        }
      }
      parts.add(new Part(base + at, (int) (until - at), buffer, (int) (at - bufferBase), why));
      at = until;
    }
    return parts;
  }

  /** Returns how many buffers the plan of a write takes. */
  public static int buffers(long offset, long lengthBytes, int alignBytes, int pieceBytes) {
    long base = offset & -alignBytes;
    return (int) ((offset + lengthBytes - base + pieceBytes - 1) / pieceBytes);
  }
}
