package io.dioagent.samples.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Another process that writes a file repeatedly through the page cache until it is killed. It is a
 * process because a JVM cannot unmap.
 */
final class Neighbour implements Fixture {
  private static final byte MARK = 0x55;

  private final Process process;

  /** How it writes. */
  enum Way {
    MAPPED,
    BUFFERED
  }

  Neighbour(Path file, Way way) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = Path.of("target", "test-classes").toAbsolutePath().toString();
    try {
      process =
          new ProcessBuilder(
                  java,
                  "-XX:-UsePerfData",
                  "-cp",
                  classes,
                  Neighbour.class.getName(),
                  file.toString(),
                  way.name())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String said =
          new BufferedReader(
                  new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
              .readLine();
      if (!"writing".equals(said)) {
        throw new IllegalStateException("the neighbour said '" + said + "', expected 'writing'");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void main(String[] arguments) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
      System.out.println("writing");
      while (true) {
        switch (Way.valueOf(arguments[1])) {
          case MAPPED -> {
            for (int at = 0; at < mapped.capacity(); at += 512) {
              mapped.put(at, MARK);
            }
          }
          case BUFFERED -> channel.write(ByteBuffer.allocate(4096), 4096);
        }
      }
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
