package io.dioagent.samples.faults;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** {@code ChannelWriter FILE...}: a plain application without the agent in its code. */
final class ChannelWriter implements WriterConsole.Target {
  private final FileChannel channel;

  private ChannelWriter(Path file) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  public static void main(String[] arguments) throws IOException {
    List<WriterConsole.Target> targets = new ArrayList<>();
    for (String argument : arguments) {
      targets.add(new ChannelWriter(Path.of(argument)));
    }
    WriterConsole.serve(targets);
  }

  @Override
  public void write(ByteBuffer bytes, long offset, WriterConsole.Answer answer) throws IOException {
    answer.ended(channel.write(bytes, offset), null);
  }

  @Override
  public void writeUnreadable(long offset, WriterConsole.Answer answer) throws IOException {
    write(Unreadable.buffer(), offset, answer);
  }

  @Override
  public void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
