package io.dioagent.samples.seeds;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.Errno;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.WriteSource;
import io.dioagent.runtime.dio.BrokenPolicies;
import io.dioagent.runtime.engine.KernelAio;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A write that extends its file, from memory that is not mapped: EFAULT, before anything is queued.
 * Broken: submission returns the error, and a completion reports it as well.
 */
final class CompletionOnSubmitError implements Sample {
  private static final int BYTES = 4096;

  /** An address in the kernel's half: io_submit(2) itself returns EFAULT. */
  private static final long KERNEL_ADDRESS = -BYTES;

  @Override
  public List<Variant> variants() {
    return Variant.brokenAndFixed(
        "the writer gets EFAULT from io_submit, and once more from a completion",
        "the writer gets EFAULT once, and the file does not grow");
  }

  @Override
  public void run(Variant variant, Stage stage) throws Exception {
    Path file = stage.written("extended", BYTES, (byte) 'o');
    long answers = variant.broken() ? broken(stage, file) : fixed(stage, file);
    stage.happened("the file has " + Files.size(file) + " bytes, before it had " + BYTES);
    stage.fact("answers", answers);
    stage.fact("file bytes", Files.size(file));
  }

  private static long broken(Stage stage, Path file) throws Exception {
    try (RequestPath path = new RequestPath(stage, file, new KernelAio(), (byte) 'n', BYTES)) {
      Request request = path.newRequest(BYTES, BYTES, BrokenPolicies.PublishesWhatItReturns::new);
      int errno = request.queue(KERNEL_ADDRESS, 0, BYTES);
      stage.happened("io_submit says " + Errno.name(errno));
      request.pending(errno);
      request.submitted(0);
      request.answers().forEach(answer -> stage.happened("" + answer));
      return request.answers().size();
    }
  }

  /**
   * Writes from a mapping of a truncated file: memory that is not mapped, as channels can meet it.
   */
  private static long fixed(Stage stage, Path path) throws Exception {
    Path source = stage.written("source", BYTES, (byte) 'n');
    long answers = 0;
    try (DirectRuntime runtime = stage.runtime(new KernelAio());
        DirectFile file = runtime.open(path, FilePolicy.DEFAULT);
        FileChannel channel =
            FileChannel.open(source, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, BYTES);
      channel.truncate(0);
      try {
        long written = file.write(WriteSource.of(mapped), BYTES);
        stage.happened("the write says " + written + " bytes");
        answers++;
      } catch (InternalError e) {
        stage.happened("the write says " + e);
        answers++;
      }
      // Uses the same lane, which would hold a leftover of the write before.
      long next = Bytes.write(file, (byte) 'n', BYTES, 0);
      stage.happened("the next write says " + Bytes.describe(next));
    }
    return answers;
  }

  @Override
  public Verdict judge(Outcome outcome) {
    long answers = outcome.fact("answers");
    boolean untouched = outcome.fact("file bytes") == BYTES;
    int duplicates = outcome.count("DuplicateCompletion");
    int errors =
        outcome.events("CompletionError", event -> event.getInt("errno") == Errno.EFAULT).size();
    return Verdict.of(
        untouched && answers == 2 && duplicates == 1 && errors == 1,
        untouched && answers == 1 && duplicates == 0 && errors == 1,
        errors + " EFAULT, answered " + answers + " times, " + duplicates + " DuplicateCompletion");
  }
}
