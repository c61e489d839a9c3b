package io.dioagent.jmc.report;

/** Why there is no report: one line that names the file, and says what is wrong with it. */
public final class ReportException extends Exception {
  private static final long serialVersionUID = 1L;

  ReportException(String message) {
    super(message);
  }

  ReportException(String message, Throwable cause) {
    super(message, cause);
  }
}
