package io.dioagent.jmc.report;

/** Thrown if there is no report. The message is one line with the file and its defect. */
public final class ReportException extends Exception {
  private static final long serialVersionUID = 1L;

  ReportException(String message) {
    super(message);
  }

  ReportException(String message, Throwable cause) {
    super(message, cause);
  }
}
