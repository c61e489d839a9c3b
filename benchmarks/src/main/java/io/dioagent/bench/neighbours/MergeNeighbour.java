package io.dioagent.bench.neighbours;

import io.dioagent.bench.work.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;

/** Merges an index of many segments into one with plain Lucene, until the reader has measured. */
public final class MergeNeighbour {
  static final String MERGES = "merges";

  private static final int STORED_BYTES = 8 << 10;
  private static final int WORDS = 50;
  private static final int VOCABULARY = 20_000;
  private static final int DOCUMENTS_PER_SEGMENT = 2048;

  private MergeNeighbour() {}

  /** Makes an index of about this size with unmerged segments on the disk. */
  static void build(Path directory, long lengthBytes) throws IOException {
    SplittableRandom random = new SplittableRandom(7);
    byte[] stored = new byte[STORED_BYTES];
    IndexWriterConfig config =
        new IndexWriterConfig()
            .setMergePolicy(NoMergePolicy.INSTANCE)
            .setMaxBufferedDocs(DOCUMENTS_PER_SEGMENT)
            .setUseCompoundFile(false);
    try (Directory index = new NIOFSDirectory(directory);
        IndexWriter writer = new IndexWriter(index, config)) {
      for (long id = 0; id < lengthBytes / STORED_BYTES; id++) {
        random.nextBytes(stored);
        Document document = new Document();
        document.add(new StringField("id", Long.toString(id), Field.Store.YES));
        document.add(new TextField("body", words(random), Field.Store.NO));
        document.add(new StoredField("content", stored.clone()));
        writer.addDocument(document);
      }
    }
  }

  private static String words(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < WORDS; i++) {
      text.append(Integer.toString(random.nextInt(VOCABULARY), Character.MAX_RADIX)).append(' ');
    }
    return text.toString();
  }

  /**
   * Returns the arguments for {@link #main}.
   *
   * @param index the index to merge; not changed
   * @param directory the directory of merged copies
   * @param lead time of merging before it counts as busy
   */
  static List<String> arguments(Path index, Path directory, Duration lead, Signals signals) {
    return List.of(
        index.toString(),
        directory.toString(),
        Long.toString(lead.toNanos()),
        signals.directory().toString());
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path index = Path.of(arguments[0]);
    Path directory = Path.of(arguments[1]);
    Busy busy = new Busy(Long.parseLong(arguments[2]), new Signals(Path.of(arguments[3])));
    int merges = 0;
    while (!busy.isOver()) {
      Path copy = Files.createDirectory(directory.resolve(Integer.toString(merges)));
      link(index, copy);
      merge(copy, busy);
      merges++;
    }
    Answer.print(StreamNeighbour.BYTES_PER_SECOND, busy.deviceBytes() * 1e9 / busy.nanos());
    Answer.print(MERGES, merges);
  }

  /** Links the files, which a copy may share because Lucene never changes a file. */
  private static void link(Path index, Path copy) throws IOException {
    try (var files = Files.newDirectoryStream(index)) {
      for (Path file : files) {
        if (!file.endsWith(IndexWriter.WRITE_LOCK_NAME)) {
          Files.createLink(copy.resolve(file.getFileName()), file);
        }
      }
    }
  }

  private static void merge(Path copy, Busy busy) throws IOException, InterruptedException {
    try (Directory directory = new NIOFSDirectory(copy)) {
      IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig());
      writer.forceMerge(1, false);
      while (writer.hasPendingMerges() || !writer.getMergingSegments().isEmpty()) {
        if (busy.isOver()) {
          writer.rollback();
          return;
        }
        TimeUnit.MILLISECONDS.sleep(20);
      }
      writer.close();
      for (String name : directory.listAll()) {
        directory.deleteFile(name);
      }
    }
  }
}
