package io.dioagent.events;

/** Texts that several events share: their category, and the descriptions of common fields. */
final class FieldText {
  static final String CATEGORY = "Direct I/O";

  static final String PATH = "Real path of the file when it was opened";
  static final String OFFSET = "First byte, from the start of the file; -1 if unknown";
  static final String LENGTH = "Bytes requested";
  static final String RESULT = "Bytes transferred; 0 if the request ended with an error";
  static final String ERRNO = "errno(3) at the end; 0 if there was no error";
  static final String ERRNO_NAME =
      "Name of the error number, such as EIO; null if there was no error";
  static final String AGE = "Time since the request was made";
  static final String SUBMITTER = "Name of the thread that made the request; null if unknown";
  static final String SUBMITTER_STACK = "Stack of that thread now, one frame a line";
  static final String MEAN = "Mean since the previous event; 0 in the first";

  private FieldText() {}
}
