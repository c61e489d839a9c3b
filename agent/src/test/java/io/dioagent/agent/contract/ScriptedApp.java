package io.dioagent.agent.contract;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;

/**
 * Executes commands, one per line of stdin. Answers each with a line: the result or the exception,
 * and the channel's position. The written bytes depend only on the command's number, so two
 * processes with the same commands write the same.
 *
 * <pre>
 * open NAME PATH OPTION,..    of StandardOpenOption, or ExtendedOpenOption.DIRECT
 * file NAME PATH MODE         the channel of a RandomAccessFile
 * stream NAME PATH            the channel of a FileOutputStream that appends
 * write NAME LENGTH           writeAt NAME LENGTH OFFSET          gather NAME LENGTH,LENGTH,..
 * position NAME OFFSET        truncate NAME LENGTH                content NAME
 * force NAME                  close NAME                          hash PATH
 * hog COUNT                   opens descriptors until there are no more, and leaves so many free
 * free                        closes what hog opened
 * start COMMAND..             in a thread of its own              done    whether it has ended
 * wait                        for its end: the answer, and how long it took
 * </pre>
 */
public final class ScriptedApp {
  private final Map<String, FileChannel> channels = new ConcurrentHashMap<>();
  private final List<FileChannel> hogged = new ArrayList<>();
  private int number;
  private FutureTask<String> started;

  private ScriptedApp() {}

  /** Runs until {@code quit} or the end of stdin. */
  public static void main(String[] args) throws IOException {
    ScriptedApp app = new ScriptedApp();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.out.println("ready");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("quit")) {
        return;
      }
      app.number++;
      System.out.println("#" + app.number + " " + app.answer(line.split(" ", -1)));
    }
  }

  private String answer(String[] words) {
    String outcome;
    try {
      outcome = String.valueOf(run(words));
    } catch (Exception e) {
      outcome = e.toString();
    }
    FileChannel channel = words.length < 2 ? null : channels.get(words[1]);
    if (channel == null) {
      return outcome;
    }
    try {
      return outcome + ", at " + channel.position() + " of " + channel.size();
    } catch (IOException e) {
      return outcome + ", " + e;
    }
  }

  private Object run(String[] words) throws Exception {
    FileChannel channel = words.length < 2 ? null : channels.get(words[1]);
    return switch (words[0]) {
      case "open" -> put(words[1], FileChannel.open(Path.of(words[2]), options(words[3])));
      case "file" -> put(words[1], new RandomAccessFile(words[2], words[3]).getChannel());
      case "stream" -> put(words[1], new FileOutputStream(words[2], true).getChannel());
      case "write" -> channel.write(buffer(words[2]));
      case "writeAt" -> channel.write(buffer(words[2]), Long.parseLong(words[3]));
      case "gather" -> {
        String[] lengths = words[2].split(",", -1);
        ByteBuffer[] buffers = new ByteBuffer[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
          buffers[i] = buffer(lengths[i]);
        }
        yield channel.write(buffers);
      }
      case "position" -> channel.position(Long.parseLong(words[2])).position();
      case "truncate" -> channel.truncate(Long.parseLong(words[2])).size();
      case "force" -> {
        channel.force(true);
        yield "forced";
      }
      case "close" -> {
        channels.remove(words[1]).close();
        yield "closed";
      }
      case "content" -> {
        ByteBuffer content = ByteBuffer.allocate((int) channel.size());
        while (content.hasRemaining() && channel.read(content, content.position()) > 0) {}
        yield Bytes.hash(content.flip());
      }
      case "hash" -> Bytes.hash(ByteBuffer.wrap(Files.readAllBytes(Path.of(words[1]))));
      case "hog" -> hog(Integer.parseInt(words[1]));
      case "start" -> start(Arrays.copyOfRange(words, 1, words.length));
      case "done" -> started.isDone();
      case "wait" -> started.get();
      case "free" -> {
        for (FileChannel one : hogged) {
          one.close();
        }
        yield "freed";
      }
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  private String start(String[] words) {
    long start = System.nanoTime();
    started =
        new FutureTask<>(
            () -> answer(words) + ", after " + (System.nanoTime() - start) / 1_000_000 + " ms");
    Thread thread = new Thread(started, "started");
    thread.setDaemon(true);
    thread.start();
    return "started";
  }

  private String put(String name, FileChannel channel) {
    channels.put(name, channel);
    return "opened";
  }

  private ByteBuffer buffer(String length) {
    int lengthBytes = Integer.parseInt(length);
    byte[] bytes = Bytes.of(number, lengthBytes);
    // Aligned if ExtendedOpenOption.DIRECT needs it; otherwise of either kind.
    return number % 2 == 0
        ? ByteBuffer.wrap(bytes)
        : ByteBuffer.allocateDirect(lengthBytes + 2 * 4096).alignedSlice(4096).put(bytes).flip();
  }

  private String hog(int leftFree) throws IOException {
    String failure = null;
    while (failure == null) {
      try {
        hogged.add(FileChannel.open(Path.of("/dev/null")));
      } catch (IOException e) {
        failure = e.getMessage();
      }
    }
    for (int i = 0; i < leftFree; i++) {
      hogged.remove(hogged.size() - 1).close();
    }
    return failure;
  }

  private static Set<OpenOption> options(String names) throws ReflectiveOperationException {
    Set<OpenOption> options = new HashSet<>();
    for (String name : names.split(",", -1)) {
      if (name.equals("DIRECT")) {
        Class<?> extended = Class.forName("com.sun.nio.file.ExtendedOpenOption");
        options.add((OpenOption) extended.getField(name).get(null));
      } else {
        options.add(StandardOpenOption.valueOf(name));
      }
    }
    return options;
  }
}
