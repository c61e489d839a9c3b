package io.dioagent.agent.apps;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Executes commands from stdin, one per line, and answers each with a line on stdout: {@code ok}, a
 * value, or the exception. Commands name files as at {@code open}.
 */
public final class CommandedApp {
  private final Map<String, FileChannel> channels = new HashMap<>();
  private final Map<String, MappedByteBuffer> mappings = new HashMap<>();
  private final Map<String, FileLock> locks = new HashMap<>();

  private CommandedApp() {}

  /** Runs until {@code quit} or the end of stdin. */
  public static void main(String[] arguments) throws IOException {
    CommandedApp app = new CommandedApp();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("quit")) {
        break;
      }
      String answer;
      try {
        answer = String.valueOf(app.run(line.split(" ")));
      } catch (IOException | RuntimeException e) {
        answer = e.toString();
      }
      System.out.println("#" + ++number + " " + answer);
    }
    System.out.println("bye");
  }

  private String run(String[] words) throws IOException {
    String name = words.length > 1 ? words[1] : null;
    switch (words[0]) {
      case "open" -> channels.put(name, open(Path.of(words[2])));
      case "stream" -> channels.put(name, new FileOutputStream(words[2]).getChannel());
      case "write" -> {
        ByteBuffer data = ByteBuffer.allocate(Integer.parseInt(words[2]));
        return String.valueOf(channels.get(name).write(data));
      }
      case "map" -> {
        FileChannel channel = channels.get(name);
        mappings.put(name, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
      }
      case "fill" -> {
        byte[] bytes = new byte[Integer.parseInt(words[3])];
        Arrays.fill(bytes, (byte) 'x');
        return String.valueOf(
            channels.get(name).write(ByteBuffer.wrap(bytes), Long.parseLong(words[2])));
      }
      case "line" -> {
        byte[] bytes = new byte[Integer.parseInt(words[3])];
        Arrays.fill(bytes, (byte) 'x');
        bytes[bytes.length - 1] = '\n';
        return String.valueOf(
            channels.get(name).write(ByteBuffer.wrap(bytes), Long.parseLong(words[2])));
      }
      case "see" -> {
        return String.valueOf((char) mappings.get(name).get(Integer.parseInt(words[2])));
      }
      case "force" -> channels.get(name).force(true);
      case "close" -> channels.remove(name).close();
      case "lock" -> {
        try {
          FileLock lock = channels.get(name).tryLock();
          locks.put(name, lock);
          return lock == null ? "taken" : "locked";
        } catch (OverlappingFileLockException e) {
          return "overlapping";
        }
      }
      case "unlock" -> locks.remove(name).release();
      case "drop" -> channels.remove(name);
      case "gc" -> System.gc();
      case "set" -> System.setProperty(name, words[2]);
      case "property" -> {
        return System.getProperty(name);
      }
      case "virtual" -> onVirtualThread(Arrays.copyOfRange(words, 1, words.length));
      case "descriptors" -> {
        return String.valueOf(OwnProcess.descriptors(name));
      }
      default -> throw new IllegalArgumentException(words[0]);
    }
    return "ok";
  }

  /** Runs a command, and waits for it no longer than it takes to begin. Needs JDK 21. */
  private void onVirtualThread(String[] words) throws IOException {
    CountDownLatch begun = new CountDownLatch(1);
    Runnable task =
        () -> {
          Thread.currentThread().setName("virtual");
          begun.countDown();
          try {
            String unused = run(words);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    try {
      Object unused =
          Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
      begun.await();
    } catch (ReflectiveOperationException | InterruptedException e) {
      throw new IOException("there is no virtual thread: " + e, e);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }
}
