package io.dioagent.samples.faults;

import io.dioagent.runtime.DirectFile;
import io.dioagent.runtime.DirectRuntime;
import io.dioagent.runtime.api.FilePolicy;
import io.dioagent.runtime.api.OnCollision;
import io.dioagent.runtime.api.RuntimeOptions;
import io.dioagent.runtime.engine.ChosenEngine;
import io.dioagent.runtime.jfr.JfrEventSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code RuntimeWriter DEADLINE_MILLIS ON_COLLISION FILE...}: blocking writes with the runtime's
 * API.
 */
final class RuntimeWriter implements WriterConsole.Target {
  private final DirectFile file;

  private RuntimeWriter(DirectFile file) {
    this.file = file;
  }

  public static void main(String[] arguments) throws IOException {
    List<WriterConsole.Target> targets = new ArrayList<>();
    for (DirectFile file : open(start(), arguments)) {
      targets.add(new RuntimeWriter(file));
    }
    WriterConsole.serve(targets);
  }

  /** Starts a runtime that is never closed: its statistics are recorded when the recording ends. */
  static DirectRuntime start() {
    return DirectRuntime.start(
        RuntimeOptions.DEFAULT, new JfrEventSink(), new ChosenEngine(Layer.engine()));
  }

  static List<DirectFile> open(DirectRuntime runtime, String[] arguments) throws IOException {
    FilePolicy policy =
        FilePolicy.DEFAULT
            .withDeadline(Duration.ofMillis(Long.parseLong(arguments[0])))
            .withOnCollision(OnCollision.valueOf(arguments[1]));
    List<DirectFile> files = new ArrayList<>();
    for (String path : List.of(arguments).subList(2, arguments.length)) {
      files.add(runtime.open(Path.of(path), policy, StandardOpenOption.CREATE));
    }
    return files;
  }

  @Override
  public void write(ByteBuffer bytes, long offset, WriterConsole.Answer answer) throws IOException {
    answer.ended(file.write(bytes, offset), null);
  }

  @Override
  public void writeUnreadable(long offset, WriterConsole.Answer answer) throws IOException {
    write(Unreadable.buffer(), offset, answer);
  }

  @Override
  public void force() throws IOException {
    file.force(false);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
