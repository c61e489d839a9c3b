package io.dioagent.bench.neighbours;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeNeighbourTest {
  private static final long LENGTH_BYTES = 40L << 20;

  @TempDir private Path path;

  @Test
  void anIndexHasThatSizeAndSegmentsToMerge() throws IOException {
    MergeNeighbour.build(path, LENGTH_BYTES);
    try (Directory directory = new NIOFSDirectory(path)) {
      assertEquals(3, SegmentInfos.readLatestCommit(directory).size());
    }
    long bytes = 0;
    try (var files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        bytes += Files.size(file);
      }
    }
    double ratio = (double) bytes / LENGTH_BYTES;
    assertTrue(ratio > 0.9 && ratio < 1.2, () -> "bytes over the requested size: " + ratio);
  }
}
