package io.dioagent.samples.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/**
 * The application that the suite forks. Reads requests from stdin, runs each on a thread of its
 * own, and prints each result on stdout as it ends.
 *
 * <pre>
 * write NUMBER TARGET OFFSET LENGTH     bytes of {@link Pattern}
 * unreadable NUMBER TARGET OFFSET       a page of memory that cannot be read
 * force NUMBER TARGET
 * dump FILE                             the recording so far, into a file
 * end
 *
 * ready
 * dumped FILE
 * ended NUMBER RESULT AGE_NANOS [ERROR]
 * </pre>
 */
final class WriterConsole {
  private final List<Target> targets;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** A target of writes. Thread-safe. */
  interface Target extends AutoCloseable {
    /** Writes; calls the answer now or later, on any thread. */
    void write(ByteBuffer bytes, long offset, Answer answer) throws IOException;

    /** Writes {@value Unreadable#BYTES} bytes that cannot be read. */
    void writeUnreadable(long offset, Answer answer) throws IOException;

    void force() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Receives the result of one request: bytes, or an error. */
  interface Answer {
    void ended(long result, String error);
  }

  private WriterConsole(List<Target> targets) {
    this.targets = targets;
  }

  /** Serves until {@code end} is read, and closes the targets. Requests name them by index. */
  static void serve(List<Target> targets) throws IOException {
    new WriterConsole(targets).run();
  }

  private void run() throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    say("ready");
    for (String line; (line = input.readLine()) != null && !line.equals("end"); ) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("dump")) {
        dump(Path.of(words[1]));
        say("dumped " + words[1]);
      } else {
        threads.execute(() -> request(words));
      }
    }
    threads.shutdown();
    for (Target target : targets) {
      target.close();
    }
  }

  private void request(String[] words) {
    String number = words[1];
    long startNanoTime = System.nanoTime();
    Answer answer =
        (result, error) ->
            say(
                "ended "
                    + number
                    + " "
                    + result
                    + " "
                    + (System.nanoTime() - startNanoTime)
                    + (error == null ? "" : " " + error));
    try {
      Target target = targets.get(Integer.parseInt(words[2]));
      switch (words[0]) {
        case "write" -> {
          long offset = Long.parseLong(words[3]);
          byte[] bytes =
              Pattern.bytes(Integer.parseInt(number), offset, Integer.parseInt(words[4]));
          target.write(ByteBuffer.wrap(bytes), offset, answer);
        }
        case "unreadable" -> target.writeUnreadable(Long.parseLong(words[3]), answer);
        case "force" -> {
          target.force();
          answer.ended(0, null);
        }
        default -> throw new IllegalArgumentException("no such request: " + words[0]);
      }
    } catch (IOException | InternalError e) {
      answer.ended(-1, e.getMessage());
    } catch (RuntimeException | Error e) {
      answer.ended(-1, e.toString());
    }
  }

  private static void dump(Path file) throws IOException {
    for (Recording recording : FlightRecorder.getFlightRecorder().getRecordings()) {
      recording.dump(file);
    }
  }

  private static void say(String line) {
    // One call, so that lines of several threads do not mix.
    synchronized (System.out) {
      System.out.println(line);
    }
  }
}
