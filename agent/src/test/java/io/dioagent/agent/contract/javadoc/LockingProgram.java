package io.dioagent.agent.contract.javadoc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A program that has a lock on a file, or has it tried: {@code lock PATH} until {@code unlock};
 * {@code try PATH}. Answers {@code locked}, {@code taken} or {@code unlocked}.
 */
final class LockingProgram {
  private LockingProgram() {}

  public static void main(String[] args) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    FileChannel held = null;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 2);
      if (words[0].equals("unlock")) {
        held.close();
        System.out.println("unlocked");
        continue;
      }
      FileChannel channel =
          FileChannel.open(Path.of(words[1]), StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      System.out.println(lock == null ? "taken" : "locked");
      if (words[0].equals("lock")) {
        held = channel;
      } else {
        channel.close();
      }
    }
  }
}
