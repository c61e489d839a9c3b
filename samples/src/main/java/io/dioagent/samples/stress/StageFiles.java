package io.dioagent.samples.stress;

import java.io.IOException;

/** The files of one writing stage; some may not be open. Thread-safe. */
interface StageFiles extends AutoCloseable {

  boolean isOpen(int file);

  RecordWriter newWriter();

  /** Forces a file's data to its device. */
  void force(int file) throws IOException;

  /** Closes the files; called when no writer has writes in flight except lost ones. */
  @Override
  void close();
}
