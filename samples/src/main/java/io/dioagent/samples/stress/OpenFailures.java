package io.dioagent.samples.stress;

import java.io.IOException;
import java.nio.file.Path;

/** Is told of files that cannot be opened. */
interface OpenFailures {
  void failed(Path path, IOException failure);
}
