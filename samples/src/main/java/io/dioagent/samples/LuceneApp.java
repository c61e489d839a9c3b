package io.dioagent.samples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.util.BytesRef;

/**
 * A Lucene index of generated text. Each run makes the same documents, and so the same checksum.
 *
 * <p>{@code LuceneApp DIR [load|verify|all]}: {@code load} indexes with several commits, replaces
 * some documents, merges to one segment and closes. {@code verify} runs Lucene's CheckIndex and
 * reads everything. The default is both. {@code -Dlucene.directory=mmap} selects Lucene's
 * MMapDirectory, which maps for reading, instead of NIOFSDirectory.
 */
public final class LuceneApp {
  private static final int DOCUMENTS = 30_000;

  private final Path path;
  private final PrintStream out;
  private final int documents;

  LuceneApp(Path path, PrintStream out, int documents) {
    this.path = path;
    this.out = out;
    this.documents = documents;
  }

  /** Runs the application. */
  public static void main(String[] args) throws IOException {
    Phase phase = Phase.of(args, "LuceneApp");
    LuceneApp app = new LuceneApp(Path.of(args[0]), System.out, DOCUMENTS);
    if (phase.loads()) {
      app.load();
    }
    if (phase.verifies()) {
      app.verify();
    }
  }

  /** Indexes, merges to one segment, closes. */
  void load() throws IOException {
    Files.createDirectories(path);
    Words words = new Words(7);
    IndexWriterConfig config = new IndexWriterConfig(new StandardAnalyzer());
    config.setRAMBufferSizeMB(8);
    int documentsPerCommit = documents / 6;
    int replaced = documents / 10;
    try (Directory directory = open();
        IndexWriter writer = new IndexWriter(directory, config)) {
      for (int id = 0; id < documents; id++) {
        writer.addDocument(document(id, words));
        if (id % documentsPerCommit == documentsPerCommit - 1) {
          writer.commit();
        }
      }
      out.println("indexed " + documents + " documents, a commit every " + documentsPerCommit);
      for (int i = 0; i < replaced; i++) {
        int id = i * 10;
        writer.updateDocument(new Term("id", Integer.toString(id)), document(id, words));
      }
      writer.commit();
      out.println("replaced " + replaced + " documents");
      writer.forceMerge(1);
    }
    try (Directory directory = open()) {
      long bytes = 0;
      String[] names = directory.listAll();
      for (String name : names) {
        bytes += directory.fileLength(name);
      }
      out.println("files " + names.length + ": " + bytes + " bytes");
    }
  }

  /**
   * Checks the index and reads all of it.
   *
   * @throws IllegalStateException if CheckIndex finds a defect
   */
  void verify() throws IOException {
    try (Directory directory = open()) {
      try (CheckIndex check = new CheckIndex(directory)) {
        CheckIndex.Status status = check.checkIndex();
        if (!status.clean) {
          throw new IllegalStateException(
              "CheckIndex: " + status.totLoseDocCount + " documents lost in " + path);
        }
        out.println("checkindex=clean");
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        out.println("documents=" + reader.numDocs() + " segments=" + reader.leaves().size());
        Checksum checksum = new Checksum();
        addDocuments(checksum, reader);
        addTerms(checksum, reader, "id");
        addTerms(checksum, reader, "title");
        addTerms(checksum, reader, "body");
        out.println("checksum=" + checksum.hex());
      }
    }
  }

  private Directory open() throws IOException {
    return System.getProperty("lucene.directory", "nio").equals("mmap")
        ? new MMapDirectory(path)
        : new NIOFSDirectory(path);
  }

  private static Document document(int id, Words words) {
    int length = 20 + words.number(200);
    Document document = new Document();
    document.add(new StringField("id", Integer.toString(id), Field.Store.YES));
    document.add(new TextField("title", words.text(5), Field.Store.YES));
    document.add(new TextField("body", words.text(length), Field.Store.YES));
    document.add(new IntPoint("length", length));
    document.add(new NumericDocValuesField("length", length));
    return document;
  }

  /** Ignores the documents' order, which depends on the timing of concurrent merges. */
  private static void addDocuments(Checksum checksum, IndexReader reader) throws IOException {
    StoredFields stored = reader.storedFields();
    long[] digests = new long[reader.maxDoc()];
    for (int i = 0; i < digests.length; i++) {
      Document document = stored.document(i);
      digests[i] =
          new Checksum()
              .add(document.get("id"))
              .add(document.get("title"))
              .add(document.get("body"))
              .first64Bits();
    }
    Arrays.sort(digests);
    for (long digest : digests) {
      checksum.add(digest);
    }
  }

  private static void addTerms(Checksum checksum, IndexReader reader, String field)
      throws IOException {
    TermsEnum terms = MultiTerms.getTerms(reader, field).iterator();
    for (BytesRef term = terms.next(); term != null; term = terms.next()) {
      checksum.add(Arrays.copyOfRange(term.bytes, term.offset, term.offset + term.length));
      checksum.add(terms.docFreq()).add(terms.totalTermFreq());
    }
  }
}
