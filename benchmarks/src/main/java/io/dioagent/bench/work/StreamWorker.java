package io.dioagent.bench.work;

import io.dioagent.bench.io.StreamShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a file as a stream of chunks, and closes it. */
public final class StreamWorker {
  private StreamWorker() {}

  /** Returns the arguments for {@link #main}. */
  public static List<String> arguments(Path file, StreamShape shape, long salt) {
    List<String> arguments = new ArrayList<>(List.of(file.toString(), Long.toString(salt)));
    arguments.addAll(shape.arguments());
    return arguments;
  }

  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    StreamShape shape = StreamShape.parse(arguments, 2);
    try (AgentCounters counters = AgentCounters.start()) {
      TimedStream stream = TimedStream.write(file, shape, Long.parseLong(arguments[1]));
      Answer.print(Answer.BYTES_PER_SECOND, stream.bytesPerSecond());
      Answer.printWritten(shape.lengthBytes());
      counters.print();
    }
  }
}
