package io.dioagent.agent.apps;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Writes a block at a position, and prints the frames of the write's event. Argument: the file. */
public final class WriteFramesApp {
  private static final String EVENT = "io.dioagent.Write";
  private static final int BYTES = 8192;

  private WriteFramesApp() {}

  /** Prints one line per frame, from the caller on: the class without its package, the method. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Recording recording = new Recording()) {
      recording.enable(EVENT).withThreshold(Duration.ZERO).withStackTrace();
      recording.start();
      int written = channel.write(ByteBuffer.allocate(BYTES), 0);
      recording.stop();
      if (written != BYTES) {
        throw new AssertionError(written + ", expected " + BYTES);
      }
      Path dump = Path.of(file + ".jfr");
      recording.dump(dump);
      for (RecordedEvent event : RecordingFile.readAllEvents(dump)) {
        if (event.getEventType().getName().equals(EVENT)) { // Periodic events come, too.
          print(event.getStackTrace().getFrames());
        }
      }
    }
  }

  private static void print(List<RecordedFrame> innermostFirst) {
    List<String> frames =
        innermostFirst.stream()
            .map(RecordedFrame::getMethod)
            .map(method -> method.getType().getName() + "." + method.getName())
            .map(name -> name.replaceAll("\\b[a-z]+\\.", ""))
            .collect(Collectors.toList());
    Collections.reverse(frames);
    frames.forEach(System.out::println);
  }
}
