package io.dioagent.jmc.report;

import org.openjdk.jmc.common.IMCFrame;
import org.openjdk.jmc.common.IMCMethod;
import org.openjdk.jmc.common.IMCStackTrace;

/** Formats a stack as text, one frame a line. */
final class StackText {
  private StackText() {}

  /** Returns the stack of the submitter if recorded, otherwise the event's own stack, or null. */
  static String of(Row row) {
    String submitter = row.text("submitterStack");
    if (submitter != null && !submitter.isBlank()) {
      return VisibleText.lines(submitter);
    }
    IMCStackTrace own = row.stackTrace();
    return own == null ? null : VisibleText.lines(text(own));
  }

  private static String text(IMCStackTrace stack) {
    StringBuilder lines = new StringBuilder();
    for (IMCFrame frame : stack.getFrames()) {
      IMCMethod method = frame.getMethod();
      if (method != null) {
        lines.append(method.getType().getFullName()).append('.').append(method.getMethodName());
        if (frame.getFrameLineNumber() != null) {
          lines.append(':').append(frame.getFrameLineNumber());
        }
        lines.append('\n');
      }
    }
    if (stack.getTruncationState().isTruncated()) {
      lines.append("…\n");
    }
    return lines.isEmpty() ? null : lines.toString();
  }
}
