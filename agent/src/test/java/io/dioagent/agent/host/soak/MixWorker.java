package io.dioagent.agent.host.soak;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Writes a file of its own in every way, and reads it back now and then. */
final class MixWorker extends Worker {
  private final OwnFile file;
  private final List<OwnFile.Way> synchronous = Ways.synchronous();
  private final List<OwnFile.Way> asynchronous = Ways.asynchronous();
  private final List<OwnFile.Way> appending = Ways.appending();
  private final boolean alsoAsynchronous;
  private boolean created;

  MixWorker(Path path, Account account, SplittableRandom random, boolean alsoAsynchronous) {
    super("mix in " + path.getParent().getFileName(), account, random);
    this.alsoAsynchronous = alsoAsynchronous;
    file = new OwnFile(path, account, random);
  }

  @Override
  void step() throws Exception {
    if (!created) {
      file.create();
      created = true;
    }
    int choice = random.nextInt(10);
    if (choice == 0) {
      file.check();
    } else if (choice <= 2) {
      file.append(appending.get(random.nextInt(appending.size())));
    } else if (choice <= 4 && alsoAsynchronous) {
      file.write(asynchronous.get(random.nextInt(asynchronous.size())), true);
    } else {
      file.write(synchronous.get(random.nextInt(synchronous.size())), false);
    }
  }

  @Override
  void end() throws Exception {
    file.end();
  }
}
