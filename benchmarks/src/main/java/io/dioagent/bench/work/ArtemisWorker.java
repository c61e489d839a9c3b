package io.dioagent.bench.work;

import io.dioagent.bench.io.DirectFiles;
import io.dioagent.bench.io.WriteShape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.activemq.artemis.nativo.jlibaio.LibaioContext;
import org.apache.activemq.artemis.nativo.jlibaio.LibaioFile;
import org.apache.activemq.artemis.nativo.jlibaio.SubmitInfo;

/**
 * Keeps a number of writes over a file in flight with one thread, using the API below the journal
 * of Artemis, and checks the result.
 */
public final class ArtemisWorker extends FullQueue {
  private static final int ALIGNMENT_BYTES = 4096;

  private final LibaioFile<Write> file;
  private final LibaioContext<Write> context;
  private final Blocks blocks;
  private final Pattern pattern;
  private final Write[] writes;

  /** The writes ended in one wait. */
  private final Write[] came;

  private ArtemisWorker(
      LibaioContext<Write> context,
      LibaioFile<Write> file,
      WriteShape shape,
      Blocks blocks,
      Pattern pattern) {
    super(shape.depth());
    this.context = context;
    this.file = file;
    this.blocks = blocks;
    this.pattern = pattern;
    came = new Write[shape.depth()];
    writes = new Write[shape.depth()];
    for (int number = 0; number < writes.length; number++) {
      writes[number] = new Write(number, pattern);
    }
  }

  /**
   * Returns the arguments for {@link #main}. Without arguments, it only checks that the library
   * loads.
   */
  public static List<String> arguments(
      Path file, WriteShape shape, Duration warmUp, Duration measured) {
    List<String> arguments = new ArrayList<>(List.of(file.toString()));
    arguments.addAll(shape.arguments());
    arguments.addAll(List.of(Long.toString(warmUp.toNanos()), Long.toString(measured.toNanos())));
    return arguments;
  }

  public static void main(String[] arguments) throws IOException {
    if (!LibaioContext.isLoaded()) {
      throw new IOException("it does not load here");
    }
    if (arguments.length == 0) {
      return;
    }
    Path path = Path.of(arguments[0]);
    WriteShape shape = WriteShape.parse(arguments, 1);
    Blocks blocks = new Blocks(shape, Files.size(path));
    Pattern pattern = new Pattern(shape.ioBytes(), System.nanoTime());
    try (LibaioContext<Write> context = new LibaioContext<>(shape.depth(), false, false);
        LibaioFile<Write> file = context.openFile(path.toString(), true)) {
      ArtemisWorker worker = new ArtemisWorker(context, file, shape, blocks, pattern);
      worker.writesPerSecond(Long.parseLong(arguments[4]));
      Answer.print(Answer.WRITES_PER_SECOND, worker.writesPerSecond(Long.parseLong(arguments[5])));
      worker.drain();
      Answer.printWritten(worker.ended() * shape.ioBytes());
    }
    Verifier.verify(path, pattern, blocks.written(), StandardOpenOption.READ, DirectFiles.DIRECT);
  }

  @Override
  void submit(int number) throws IOException {
    Write write = writes[number];
    long position = blocks.next();
    pattern.stamp(write.contents, position);
    file.write(position, pattern.blockBytes(), write.contents, write);
  }

  @Override
  void await() {
    int count = context.poll(came, 1, came.length);
    for (int i = 0; i < count; i++) {
      came[i].check();
      completed(came[i].number);
    }
  }

  /** The state of one write at a time, and the callback of Artemis. */
  private static final class Write implements SubmitInfo {
    private final int number;
    private final ByteBuffer contents;
    private Optional<String> error = Optional.empty();

    Write(int number, Pattern pattern) {
      this.number = number;
      contents = LibaioContext.newAlignedBuffer(pattern.blockBytes(), ALIGNMENT_BYTES);
      pattern.fill(contents);
    }

    @Override
    public void onError(int errno, String message) {
      error = Optional.of("errno " + errno + ": " + message);
    }

    @Override
    public void done() {
      // Reported by poll(), too.
    }

    void check() {
      if (error.isPresent()) {
        throw new IllegalStateException(error.get());
      }
    }
  }
}
