package io.dioagent.samples.hang;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.FilePolicy;
import io.dioagent.runtime.JfrEventSink;
import io.dioagent.runtime.OnLost;
import io.dioagent.runtime.RuntimeOptions;
import io.dioagent.runtime.aio.AioEngine;
import io.dioagent.runtime.aio.KernelAio;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * A writer on the runtime's own API meets a bad block. {@code HangDemo broken|fixed FILE}.
 *
 * <p>{@code broken}: the device's error is lost on its way, as in {@link LostErrors}; the writer
 * waits for a completion that never comes, and the demo ends when it has for some seconds. {@code
 * fixed}: the same error on the same device, the runtime as it is; it arrives once, and the writer
 * goes on.
 */
public final class HangDemo {
  private static final int BLOCK_BYTES = 4096;
  private static final int BLOCKS = 8;
  private static final int BAD_BLOCK = 3;

  private final PrintStream out;
  private final Duration deadline;
  private final Duration patience;

  /**
   * A demo.
   *
   * @param deadline after which a write counts as lost
   * @param patience after which a writer that still waits counts as hung
   */
  HangDemo(PrintStream out, Duration deadline, Duration patience) {
    this.out = out;
    this.deadline = deadline;
    this.patience = patience;
  }

  /** Runs the demo. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 2 || !(args[0].equals("broken") || args[0].equals("fixed"))) {
      System.err.println("usage: HangDemo broken|fixed FILE");
      System.exit(2);
    }
    new HangDemo(System.out, Duration.ofSeconds(1), Duration.ofSeconds(4))
        .run(args[0].equals("broken"), Path.of(args[1]));
  }

  /**
   * Lets a writer meet a bad block.
   *
   * @throws IOException if the file cannot be written direct
   */
  void run(boolean broken, Path path) throws IOException, InterruptedException {
    AioEngine device = new BadBlock(new KernelAio(), (long) BAD_BLOCK * BLOCK_BYTES);
    AioEngine engine = broken ? new LostErrors(device) : device;
    // The blocks are there already, so that the writes are asynchronous.
    Files.write(path, new byte[BLOCKS * BLOCK_BYTES]);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    DirectRuntime runtime = DirectRuntime.start(RuntimeOptions.DEFAULT, new JfrEventSink(), engine);
    FilePolicy policy =
        FilePolicy.DEFAULT
            .withDeadline(deadline)
            .withOnLost(OnLost.REPORT)
            .withFallbackAllowed(false);
    DirectFile file = runtime.open(path, policy, StandardOpenOption.WRITE);
    Thread writer = new Thread(() -> writeAll(file), "writer");
    writer.setDaemon(true);
    writer.start();
    writer.join(patience.toMillis());
    if (writer.isAlive()) {
      // Its runtime cannot be closed under it: the end of the process is the end of both.
      out.println(
          "hung: the writer still waits after "
              + patience.toMillis()
              + " ms; lost completions: "
              + runtime.statistics().lost());
    } else {
      file.close();
      runtime.close();
    }
  }

  private void writeAll(DirectFile file) {
    int failed = 0;
    for (int i = 0; i < BLOCKS; i++) {
      long position = (long) i * BLOCK_BYTES;
      String what = "write " + i + " at " + position + ": ";
      try {
        int written = file.write(ByteBuffer.allocate(BLOCK_BYTES), position);
        out.println(what + written + " bytes");
      } catch (IOException e) {
        failed++;
        out.println(what + e);
      }
    }
    out.println("done: " + BLOCKS + " writes, " + failed + " failed");
  }
}
