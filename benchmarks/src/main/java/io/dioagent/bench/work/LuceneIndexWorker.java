package io.dioagent.bench.work;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/** Indexes documents with the defaults of Lucene, and merges them to one segment. */
public final class LuceneIndexWorker {
  private static final int STORED_BYTES = 64 << 10;
  private static final int WORDS = 100;
  private static final int DISTINCT_WORDS = 20_000;

  private LuceneIndexWorker() {}

  /** Returns the arguments for {@link #main} to make an index of that many bytes of documents. */
  public static List<String> index(Path directory, long documentBytes) {
    return List.of(directory.toString(), Long.toString(documentBytes / STORED_BYTES));
  }

  /** Returns the arguments for {@link #main} to check the index. */
  public static List<String> check(Path directory) {
    return List.of(directory.toString());
  }

  public static void main(String[] arguments) throws IOException {
    Path path = Path.of(arguments[0]);
    if (arguments.length == 1) {
      checkIndex(path);
      return;
    }
    try (AgentCounters counters = AgentCounters.start()) {
      makeIndex(path, Long.parseLong(arguments[1]));
      Answer.printDevice();
      counters.print();
    }
  }

  private static void makeIndex(Path path, long documents) throws IOException {
    SplittableRandom random = new SplittableRandom();
    try (Directory directory = FSDirectory.open(path);
        IndexWriter writer =
            new IndexWriter(directory, new IndexWriterConfig(new StandardAnalyzer()))) {
      for (long i = 0; i < documents; i++) {
        writer.addDocument(document(random));
      }
      writer.forceMerge(1);
    }
  }

  private static Document document(SplittableRandom random) {
    byte[] stored = new byte[STORED_BYTES];
    random.nextBytes(stored);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < WORDS; i++) {
      text.append('w').append(random.nextInt(DISTINCT_WORDS)).append(' ');
    }
    Document document = new Document();
    document.add(new StoredField("stored", stored));
    document.add(new TextField("text", text.toString(), Field.Store.NO));
    return document;
  }

  private static void checkIndex(Path path) throws IOException {
    try (Directory directory = FSDirectory.open(path);
        CheckIndex check = new CheckIndex(directory)) {
      CheckIndex.Status status = check.checkIndex();
      if (!status.clean) {
        throw new IOException("CheckIndex: documents lost: " + status.totLoseDocCount);
      }
    }
  }
}
