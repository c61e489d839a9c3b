package io.dioagent.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.runtime.api.EventSink;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.api.WriteMode;
import io.dioagent.runtime.testing.CProgram;
import io.dioagent.runtime.testing.Forked;
import io.dioagent.runtime.testing.Scratch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A limit on file sizes (RLIMIT_FSIZE): a short result at the edge, then EFBIG, as a plain channel
 * returns in the same place. Runs in its own JVM, whose limit is set from outside.
 */
@Tag("engine")
class FileSizeLimitTest {
  private static final int MIB = 1 << 20;

  /**
   * A limit, a write across it, and the depth of the queue, which determines the length of a
   * request.
   */
  private record Case(long limit, long position, int lengthBytes, int depth) {}

  private static List<Case> cases() {
    List<Case> all = new ArrayList<>();
    // Aligned limit.
    all.add(new Case(MIB, 0, MIB, 32));
    all.add(new Case(MIB, 0, 3 * MIB, 32));
    all.add(new Case(MIB, MIB - 4096, 8192, 32));
    all.add(new Case(MIB, MIB - 4096, 4096, 32));
    all.add(new Case(MIB, MIB, 4096, 32));
    all.add(new Case(MIB, MIB, 1, 32));
    all.add(new Case(MIB, MIB - 1, 2, 32));
    all.add(new Case(MIB, MIB - 100_000, 300_000, 32));
    all.add(new Case(MIB, 2 * MIB, 65536, 32));
    all.add(new Case(2 * MIB, 100, 4 * MIB, 32));
    // Unaligned limit.
    all.add(new Case(1_000_000, 0, 2 * MIB, 32));
    all.add(new Case(1_000_000, 999_424, 4096, 32));
    all.add(new Case(1_000_000, 995_328, 65536, 32));
    all.add(new Case(1_000_000, 999_999, 1, 32));
    all.add(new Case(1_000_000, 1_000_000, 1, 32));
    all.add(new Case(1_000_000, 1_000_448, 4096, 32));
    all.add(new Case(1_000_000, 3, 1_500_000, 32));
    // Requests of 256 KiB: the edge in one, and between two.
    all.add(new Case(300_000, 0, MIB, 2));
    all.add(new Case(512 << 10, 0, MIB, 2));
    all.add(new Case(512 << 10, 1, MIB, 2));
    return all;
  }

  @Test
  void asAPlainChannel() throws Exception {
    CProgram.skipWithout("prlimit", "--version");
    try (Scratch scratch = new Scratch();
        Forked jvm = Forked.jvm(List.of(), Writer.class, scratch.directory().toString())) {
      jvm.awaitLine("ready");
      int number = 0;
      int refused = 0;
      for (Case one : cases()) {
        setLimit(jvm.pid(), "" + one.limit());
        jvm.say(number + " " + one.position() + " " + one.lengthBytes() + " " + one.depth());
        String plain = jvm.awaitLine("plain ").substring("plain ".length());
        String direct = jvm.awaitLine("direct ").substring("direct ".length());
        String pipelined = jvm.awaitLine("pipelined ").substring("pipelined ".length());
        setLimit(jvm.pid(), "unlimited");
        assertEquals(plain, direct, one.toString());
        // The write itself has returned before.
        assertEquals(plain.endsWith("File too large]") ? "File too large" : "", pipelined);
        refused += plain.endsWith("File too large]") ? 1 : 0;
        byte[] expected = Files.readAllBytes(scratch.file("plain" + number));
        assertTrue(
            Arrays.equals(expected, Files.readAllBytes(scratch.file("direct" + number))),
            one + ": other content");
        assertTrue(
            Arrays.equals(expected, Files.readAllBytes(scratch.file("pipelined" + number))),
            one + ": other content, pipelined");
        number++;
      }
      jvm.say("end");
      assertEquals(0, jvm.join().exitCode());
      assertTrue(refused > 10, "only " + refused + " met the limit");
    }
  }

  private static void setLimit(long pid, String limit) throws Exception {
    Process process =
        new ProcessBuilder("prlimit", "--pid", "" + pid, "--fsize=" + limit + ":").start();
    CProgram.skipUnless(process.waitFor() == 0, "prlimit does not set the limit of a child");
  }

  /** Writes to two files by its arguments, and prints the results. */
  static final class Writer {
    private Writer() {}

    private interface Attempt {
      int write(ByteBuffer source, long position) throws IOException;
    }

    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      // Loads all classes and libraries first: the limit applies to every file.
      write(directory, "warm-up", 0, 10_000, 32);
      System.out.println("ready");
      BufferedReader input =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line; (line = input.readLine()) != null && !line.equals("end"); ) {
        List<Integer> numbers = Arrays.stream(line.split(" ", -1)).map(Integer::valueOf).toList();
        write(directory, "" + numbers.get(0), numbers.get(1), numbers.get(2), numbers.get(3));
      }
    }

    private static void write(Path directory, String name, long position, int length, int depth)
        throws IOException {
      byte[] bytes = TestRuntime.bytes(length, 1);
      try (FileChannel plain =
          FileChannel.open(
              directory.resolve("plain" + name),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE)) {
        System.out.println("plain " + attempts(plain::write, bytes, position));
      }
      try (DirectRuntime runtime =
              DirectRuntime.start(new RuntimeOptions(depth, MIB, 64L << 20), EventSink.none());
          DirectFile direct =
              runtime.open(
                  directory.resolve("direct" + name),
                  FilePolicy.DEFAULT,
                  StandardOpenOption.CREATE)) {
        System.out.println("direct " + attempts(direct::write, bytes, position));
      }
      try (DirectRuntime runtime =
              DirectRuntime.start(new RuntimeOptions(depth, MIB, 64L << 20), EventSink.none());
          DirectFile pipelined =
              runtime.open(
                  directory.resolve("pipelined" + name),
                  FilePolicy.DEFAULT.withWrite(WriteMode.PIPELINED),
                  StandardOpenOption.CREATE)) {
        pipelined.write(ByteBuffer.wrap(bytes), position);
        System.out.println("pipelined " + forced(pipelined));
      }
    }

    private static String forced(DirectFile file) {
      try {
        file.force(false);
        return "";
      } catch (IOException e) {
        return e.getMessage();
      }
    }

    /** Continues as an application does where a short result ended, until an error. */
    private static List<String> attempts(Attempt attempt, byte[] bytes, long position) {
      List<String> results = new ArrayList<>();
      ByteBuffer source = ByteBuffer.wrap(bytes);
      while (source.hasRemaining() && results.size() < 8) {
        try {
          results.add("" + attempt.write(source, position + source.position()));
        } catch (IOException e) {
          results.add(e.getMessage());
          break;
        }
      }
      return results;
    }
  }
}
