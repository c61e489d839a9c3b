package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Bytes;
import io.dioagent.agent.contract.random.Operation.Range;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Base64;

/** Operations that open the file, write or read it, and close it. Not thread-safe. */
final class WholeFiles {
  private final Choices choices;
  private final Dice dice;

  WholeFiles(Choices choices) {
    this.choices = choices;
    dice = choices.dice();
  }

  void addTo(Menu menu) {
    menu.add(6, this::write);
    menu.add(8, this::append);
    menu.add(8, this::outputStream);
    menu.add(5, this::bufferedWriter);
    menu.add(8, this::twoAppenders);
    menu.add(3, this::copyOverIt);
    menu.add(4, this::copyFromIt);
    menu.add(6, this::sizes);
    menu.add(5, this::read);
  }

  private Operation write() {
    byte[] bytes = choices.bytes();
    FileSide.Name name = Opening.name(dice);
    boolean synchronous = dice.percent(10);
    OpenOption[] options =
        synchronous
            ? new OpenOption[] {StandardOpenOption.WRITE, StandardOpenOption.DSYNC}
            : new OpenOption[0];
    return new Operation(
        "Files.write " + bytes.length + " by " + name + (synchronous ? ", DSYNC" : ""),
        Range.around(0, bytes.length),
        side -> Files.write(side.path(name), bytes, options).equals(side.path(name)));
  }

  private Operation append() throws IOException {
    byte[] bytes = choices.bytes();
    return new Operation(
        "Files.write append " + bytes.length,
        Range.around(choices.sizeBytes(), bytes.length),
        side -> Files.write(side.file(), bytes, StandardOpenOption.APPEND).equals(side.file()));
  }

  private Operation outputStream() {
    byte[] bytes = choices.bytes();
    boolean buffered = dice.percent(50);
    int chunk = buffered ? 1 + dice.below(200) : Math.max(1, bytes.length / 3);
    int used = buffered ? Math.min(bytes.length, 20_000) : bytes.length;
    return new Operation(
        "Files.newOutputStream, " + used + " by " + chunk + (buffered ? ", buffered" : ""),
        Range.around(0, used),
        side -> {
          try (OutputStream stream =
                  Files.newOutputStream(
                      side.file(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
              OutputStream out = buffered ? new BufferedOutputStream(stream, 512) : stream) {
            for (int from = 0; from < used; from += chunk) {
              out.write(bytes, from, Math.min(chunk, used - from));
            }
          }
          return "written";
        });
  }

  private Operation bufferedWriter() throws IOException {
    String text = Base64.getEncoder().encodeToString(choices.bytes(50_000));
    return new Operation(
        "Files.newBufferedWriter, append " + text.length(),
        Range.around(choices.sizeBytes(), text.length()),
        side -> {
          try (Writer writer =
              Files.newBufferedWriter(
                  side.file(), StandardCharsets.US_ASCII, StandardOpenOption.APPEND)) {
            writer.write(text);
          }
          return Files.size(side.file());
        });
  }

  /** By turns, each by a descriptor of its own. */
  private Operation twoAppenders() throws IOException {
    byte[] bytes = choices.bytes(100_000);
    int times = 1 + dice.below(4);
    return new Operation(
        "two append " + bytes.length + " in turns, " + times + " times",
        Range.around(choices.sizeBytes(), 2L * times * bytes.length),
        side -> {
          StringBuilder outcome = new StringBuilder();
          try (FileChannel channel = FileChannel.open(side.file(), StandardOpenOption.APPEND);
              OutputStream stream =
                  Files.newOutputStream(
                      side.path(FileSide.Name.SYMBOLIC_LINK), StandardOpenOption.APPEND)) {
            for (int i = 0; i < times; i++) {
              outcome.append(channel.write(ByteBuffer.wrap(bytes))).append(" at ");
              outcome.append(channel.position()).append(", ");
              stream.write(bytes);
              outcome.append(channel.size()).append("; ");
            }
          }
          return outcome;
        });
  }

  /** Which removes it, and makes a new one. */
  private Operation copyOverIt() throws IOException {
    byte[] bytes = choices.bytes();
    boolean fromPath = dice.percent(50);
    return new Operation(
        "Files.copy over it, " + (fromPath ? "from the sink" : "" + bytes.length),
        Range.around(0, bytes.length),
        side -> {
          if (fromPath) {
            Files.write(side.sink(), bytes);
            Path copy = Files.copy(side.sink(), side.file(), StandardCopyOption.REPLACE_EXISTING);
            side.detachAll();
            return copy.equals(side.file());
          }
          InputStream in = new ByteArrayInputStream(bytes);
          long copied = Files.copy(in, side.file(), StandardCopyOption.REPLACE_EXISTING);
          side.detachAll();
          return copied;
        });
  }

  private Operation copyFromIt() {
    boolean toPath = dice.percent(50);
    return new Operation(
        "Files.copy of it to a " + (toPath ? "path" : "stream"),
        null,
        side -> {
          if (toPath) {
            Files.copy(side.file(), side.sink(), StandardCopyOption.REPLACE_EXISTING);
            return Bytes.hash(ByteBuffer.wrap(Files.readAllBytes(side.sink())));
          }
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          long copied = Files.copy(side.file(), out);
          return copied + ": " + Bytes.hash(ByteBuffer.wrap(out.toByteArray()));
        });
  }

  private Operation sizes() {
    FileSide.Name name = Opening.name(dice);
    return new Operation(
        "size by " + name,
        null,
        side -> {
          Path path = side.path(name);
          return path.toFile().length()
              + ", "
              + (Files.exists(path) ? Files.size(path) : -1)
              + ", "
              + path.toFile().exists();
        });
  }

  private Operation read() {
    FileSide.Name name = Opening.name(dice);
    Reading reading = Reading.any(dice, false);
    return new Operation(
        "read all by " + name + ", " + reading,
        null,
        side -> {
          try (InputStream in = reading.open(side.path(name))) {
            return Bytes.hash(ByteBuffer.wrap(in.readAllBytes()));
          }
        });
  }
}
