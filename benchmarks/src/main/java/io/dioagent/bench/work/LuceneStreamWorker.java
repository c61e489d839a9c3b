package io.dioagent.bench.work;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.lucene.misc.store.DirectIODirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.MergeInfo;
import org.apache.lucene.store.NIOFSDirectory;

/** Writes one file as a stream, as in a merge of Lucene, and makes it durable, as in a commit. */
public final class LuceneStreamWorker {
  private static final int WARM_UP_SHARE = 8;

  private LuceneStreamWorker() {}

  /**
   * Returns the arguments for {@link #main}.
   *
   * @param file a new file
   * @param directIo whether to use Lucene's DirectIODirectory or only its NIOFSDirectory
   */
  public static List<String> arguments(
      Path file, boolean directIo, int chunkBytes, long chunks, long salt) {
    return List.of(
        file.toString(),
        Boolean.toString(directIo),
        Integer.toString(chunkBytes),
        Long.toString(chunks),
        Long.toString(salt));
  }

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    boolean directIo = Boolean.parseBoolean(arguments[1]);
    Pattern pattern = new Pattern(Integer.parseInt(arguments[2]), Long.parseLong(arguments[4]));
    long chunks = Long.parseLong(arguments[3]);
    String name = file.getFileName().toString();
    String warmUp = name + "-warm-up";
    try (AgentCounters counters = AgentCounters.start()) {
      try (Directory directory = open(file.getParent(), directIo)) {
        write(directory, warmUp, pattern, chunks / WARM_UP_SHARE);
        long start = System.nanoTime();
        write(directory, name, pattern, chunks);
        double seconds = (System.nanoTime() - start) / 1e9;
        Answer.print(Answer.BYTES_PER_SECOND, chunks * pattern.blockBytes() / seconds);
      }
      long bytes = Files.size(file) + Files.size(file.resolveSibling(warmUp));
      Answer.printWritten(bytes);
      counters.print();
    } finally {
      Files.deleteIfExists(file.resolveSibling(warmUp));
    }
  }

  private static Directory open(Path path, boolean directIo) throws IOException {
    NIOFSDirectory plain = new NIOFSDirectory(path);
    return directIo ? new DirectIODirectory(plain) : plain;
  }

  private static void write(Directory directory, String name, Pattern pattern, long chunks)
      throws IOException {
    byte[] bytes = new byte[pattern.blockBytes()];
    ByteBuffer chunk = ByteBuffer.wrap(bytes);
    pattern.fill(chunk);
    // DirectIODirectory writes only large merges directly.
    MergeInfo merge = new MergeInfo(Integer.MAX_VALUE, chunks * bytes.length, false, 1);
    try (IndexOutput output = directory.createOutput(name, new IOContext(merge))) {
      for (long i = 0; i < chunks; i++) {
        pattern.stamp(chunk, i * bytes.length);
        output.writeBytes(bytes, bytes.length);
      }
    }
    directory.sync(Set.of(name));
  }
}
