package io.dioagent.agent.install;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.dioagent.agent.AgentException;
import io.dioagent.agent.OwnResources;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;

/**
 * Loads the agent's copy of JNA's native library from a private file, which is deleted before
 * another process could use it.
 *
 * <p>Only this copy of JNA reads the properties set here: the bootstrap gave them the prefix {@code
 * dio-agent.} (see JnaConstants there).
 */
final class JnaLibrary {
  private static final String FILE_NAME = "libjnidispatch.so";

  private static final String DIRECTORY_PROPERTY = "dio-agent.jna.boot.library.path";

  /** If set, JNA does not look for temporary files of earlier runs in the user's cache. */
  private static final String NO_UNPACK_PROPERTY = "dio-agent.jna.nounpack";

  /** If set, JNA does not start a process, ldconfig(8), to find the path. */
  private static final String LIBRARIES_PROPERTY = "dio-agent.jna.platform.library.path";

  /** The properties above, and those that JNA itself sets and never reads. */
  private static final String[] PROPERTIES = {
    DIRECTORY_PROPERTY,
    NO_UNPACK_PROPERTY,
    LIBRARIES_PROPERTY,
    "dio-agent.jna.loaded",
    "dio-agent.jnidispatch.path"
  };

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private static final String LIBRARIES =
      "/lib64:/usr/lib64:/lib:/usr/lib:/usr/local/lib"
          + ":/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu"
          + ":/lib/aarch64-linux-gnu:/usr/lib/aarch64-linux-gnu";

  private JnaLibrary() {}

  /** Loads the library; afterwards JNA can be used. A second call has no effect. */
  static synchronized void load() throws AgentException {
    File directory = extract();
    System.setProperty(DIRECTORY_PROPERTY, directory.getPath());
    System.setProperty(NO_UNPACK_PROPERTY, "true");
    System.setProperty(LIBRARIES_PROPERTY, LIBRARIES);
    try {
      // The class reads the properties when it is initialised, and initialises Native.
      NativeLibrary unused = NativeLibrary.getProcess();
    } catch (LinkageError e) {
      throw new AgentException("cannot load " + new File(directory, FILE_NAME) + ": " + e, e);
    } finally {
      for (String property : PROPERTIES) {
        System.clearProperty(property);
      }
      delete(directory); // The mapping stays.
    }
  }

  /** Returns a new directory with the library in it. */
  private static File extract() throws AgentException {
    StringBuilder failures = new StringBuilder();
    for (String parent : new String[] {System.getProperty("java.io.tmpdir"), "/dev/shm"}) {
      File directory = new File(parent, "dio-agent-" + processId() + "-" + System.nanoTime());
      boolean made = false;
      try {
        make(directory);
        made = true;
        extractTo(directory);
        return directory;
      } catch (IOException e) {
        if (made) {
          delete(directory);
        }
        failures.append(failures.length() == 0 ? "" : "; ").append(e.getMessage());
      }
    }
    throw new AgentException(
        "found no directory to load JNA's native library from ("
            + failures
            + "), expected java.io.tmpdir to be writable and not mounted noexec");
  }

  /** Does not use ProcessHandle, which starts a thread pool. */
  private static String processId() throws AgentException {
    try {
      return new File("/proc/self").getCanonicalFile().getName();
    } catch (IOException e) {
      throw new AgentException("cannot read /proc/self: " + e.getMessage(), e);
    }
  }

  /**
   * Creates a directory with its mode, so that no other user can ever enter it. Fails if it exists.
   */
  private static void make(File directory) throws IOException {
    try {
      Path unused = Files.createDirectory(directory.toPath(), OWNER_ONLY);
    } catch (IOException | InvalidPathException e) {
      throw new IOException(directory + " cannot be created: " + e.getClass().getSimpleName(), e);
    }
  }

  private static void extractTo(File directory) throws IOException {
    File library = new File(directory, FILE_NAME);
    try (InputStream in = resource();
        OutputStream out = new FileOutputStream(library)) {
      long unused = in.transferTo(out);
    }
    ownerOnly(library);
    if (!library.canExecute()) { // access(2) knows about noexec.
      throw new IOException(directory.getParent() + " is mounted noexec");
    }
  }

  private static InputStream resource() throws IOException {
    String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86-64";
    String name = "com/sun/jna/linux-" + machine + "/" + FILE_NAME;
    return OwnResources.open(Native.class.getModule(), name);
  }

  /** Keeps other users from replacing the library. */
  private static void ownerOnly(File file) throws IOException {
    boolean done =
        file.setReadable(false, false)
            && file.setWritable(false, false)
            && file.setExecutable(false, false)
            && file.setReadable(true, true)
            && file.setWritable(true, true)
            && file.setExecutable(true, true);
    if (!done) {
      throw new IOException(file + " cannot be made accessible to its owner only");
    }
  }

  private static void delete(File directory) {
    boolean unused = new File(directory, FILE_NAME).delete();
    unused = directory.delete();
  }
}
