package io.dioagent.samples.stress;

import java.io.IOException;
import java.nio.file.Path;

/** Receives the failures to open or close files. */
interface OpenFailures {
  void failed(Path path, IOException failure);
}
