package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.random.Operation.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What happens to a file's names while it is open. Not thread-safe. */
final class Names {
  private final Choices choices;
  private final Dice dice;

  Names(Choices choices) {
    this.choices = choices;
    dice = choices.dice();
  }

  void addTo(Menu menu) {
    menu.add(3, this::moveAndBack);
    menu.add(2, this::delete);
    menu.add(2, this::deleteAndMakeAgain);
    menu.add(2, this::replace);
    menu.add(5, this::link);
  }

  /** A file with its symbolic link, as a run begins. */
  static void makeSymbolicLink(FileSide side) throws IOException {
    Files.createSymbolicLink(side.path(FileSide.Name.SYMBOLIC_LINK), side.file());
  }

  /** All of its names. */
  static void makeLinks(FileSide side) throws IOException {
    makeSymbolicLink(side);
    Files.createLink(side.path(FileSide.Name.HARD_LINK), side.file());
    Files.createLink(side.path(FileSide.Name.FOREIGN_LINK), side.file());
  }

  /** Written by a channel while it has another name. */
  private Operation moveAndBack() throws IOException {
    byte[] bytes = choices.bytes();
    int slot = choices.writableSlot();
    return new Operation(
        "Files.move, write " + bytes.length + " on " + slot + ", and back",
        choices.atPosition(slot, bytes.length),
        side -> {
          Files.move(side.file(), side.aside(), StandardCopyOption.REPLACE_EXISTING);
          try {
            return Choices.channel(side, slot).write(ByteBuffer.wrap(bytes))
                + " of "
                + side.aside().toFile().length();
          } finally {
            Files.move(side.aside(), side.file());
          }
        });
  }

  private Operation delete() {
    return new Operation(
        "Files.delete",
        null,
        side -> {
          Files.delete(side.file());
          side.detachAll();
          return "deleted";
        });
  }

  private Operation deleteAndMakeAgain() {
    byte[] bytes = choices.bytes();
    return new Operation(
        "Files.delete, and write a new one of " + bytes.length,
        Range.around(0, bytes.length),
        side -> {
          side.detachAll();
          Files.deleteIfExists(side.file());
          Files.write(side.file(), bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          return "made again";
        });
  }

  private Operation replace() {
    byte[] bytes = choices.bytes();
    return new Operation(
        "Files.move of a new one of " + bytes.length + " over it",
        Range.around(0, bytes.length),
        side -> {
          Files.write(side.aside(), bytes);
          Files.move(side.aside(), side.file(), StandardCopyOption.REPLACE_EXISTING);
          side.detachAll();
          return "replaced";
        });
  }

  private Operation link() {
    FileSide.Name name = dice.oneOf(FileSide.Name.HARD_LINK, FileSide.Name.FOREIGN_LINK);
    return new Operation(
        "link " + name,
        null,
        side -> {
          Path path = side.path(name);
          Files.deleteIfExists(path);
          Files.createLink(path, side.file());
          return "linked";
        });
  }
}
