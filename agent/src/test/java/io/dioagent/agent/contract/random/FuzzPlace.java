package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Need;
import io.dioagent.agent.contract.Scratch;
import java.io.IOException;

/** The file systems that random operations are done on. */
enum FuzzPlace {
  /** The file system of the project. */
  DISK {
    @Override
    void with(Test test) throws IOException {
      try (Scratch scratch = Scratch.onDisk()) {
        test.in(scratch);
      }
    }
  },
  TMPFS {
    @Override
    void with(Test test) throws IOException {
      try (Scratch scratch = Scratch.in(Need.directory("/dev/shm"))) {
        test.in(scratch);
      }
    }
  },
  XFS {
    @Override
    void with(Test test) throws IOException {
      try (Scratch scratch = Scratch.onDisk();
          XfsDisk disk = XfsDisk.make(scratch);
          Scratch onXfs = Scratch.in(disk.mountPoint())) {
        test.in(onXfs);
      }
    }
  };

  /** An action with a directory there. */
  interface Test {
    void in(Scratch scratch) throws IOException;
  }

  /** Makes a directory for a test, or skips it and says why, and removes it. */
  abstract void with(Test test) throws IOException;
}
