package io.dioagent.samples.stress;

import java.io.IOException;

/** The files of one stage that writes. One that could not be opened is left out. Thread-safe. */
interface StageFiles extends AutoCloseable {

  boolean isOpen(int file);

  RecordWriter newWriter();

  /** Forces a file's data to its device. */
  void force(int file) throws IOException;

  /** Once no writer has anything in flight but what is lost. */
  @Override
  void close();
}
