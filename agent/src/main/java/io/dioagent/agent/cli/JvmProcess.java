package io.dioagent.agent.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Checks by /proc alone whether a process is a JVM that can be attached to. Attaching sends
 * SIGQUIT, which ends every process that does not catch it. So a process is examined first, and
 * nothing is sent to one that is no JVM.
 */
final class JvmProcess {
  /**
   * Limits the wait for a JVM that has just been started: it catches the signal only once it runs.
   */
  private static final long START_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long LOOK_MILLIS = 50;
  private static final int SIGQUIT = 3;
  private static final String LIBRARY = "libjvm.so";

  private final long pid;
  private final Path directory;
  private Map<String, String> status = Map.of();

  private JvmProcess(long pid) {
    this.pid = pid;
    directory = Path.of("/proc", String.valueOf(pid));
  }

  /**
   * Examines a process; changes nothing.
   *
   * @throws CommandException if it cannot be attached to; the message describes the process
   */
  static void check(String pid) throws CommandException {
    new JvmProcess(Long.parseLong(pid)).check();
  }

  /** Returns whether a process has ended, waited for by its parent or not. */
  static boolean hasEnded(String pid) {
    JvmProcess process = new JvmProcess(Long.parseLong(pid));
    try {
      process.readStatus();
      return process.isZombie();
    } catch (CommandException e) {
      return true;
    }
  }

  private boolean isZombie() {
    return status.get("State").startsWith("Z");
  }

  private void check() throws CommandException {
    if (pid <= 0) {
      throw refused("that is no process, expected the id of a running JVM");
    }
    if (pid == ProcessHandle.current().pid()) {
      throw refused("it is this command itself, expected another JVM");
    }
    String whyNot = whyNot();
    long until = System.nanoTime() + START_NANOS;
    while (whyNot != null && mayBeStarting() && System.nanoTime() - until < 0) {
      pause();
      whyNot = whyNot();
    }
    if (whyNot != null) {
      throw refused(whyNot);
    }
  }

  /** Returns null if it is a JVM that can be attached to. */
  private String whyNot() throws CommandException {
    readStatus();
    String group = status.get("Tgid");
    if (!String.valueOf(pid).equals(group)) {
      return "it is a thread of process " + group + ", expected a process id";
    }
    if (isZombie()) {
      return "it has ended (a zombie), expected a running JVM";
    }
    String whose = ownerIfAnother();
    if (whose != null) {
      return whose;
    }
    if (!mapsLibrary()) {
      return "it is no JVM but " + what() + ", which has not loaded " + LIBRARY;
    }
    if (!catchesQuit() && !hasAttachSocket()) {
      return "it does not catch SIGQUIT, which calls a JVM and would end this one: it is starting,"
          + " stopped or ending";
    }
    return null;
  }

  private void readStatus() throws CommandException {
    Map<String, String> fields = new HashMap<>();
    try {
      for (String line :
          Files.readString(directory.resolve("status"), StandardCharsets.ISO_8859_1)
              .split("\n", -1)) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
      }
    } catch (NoSuchFileException e) {
      throw refused("it does not exist, as seen from here; in a container, run this command there");
    } catch (IOException e) {
      throw refused("it cannot be looked at: " + e);
    }
    status = fields;
  }

  /**
   * Returns null if the process is the user's own. Another user's cannot be examined, and the JVM
   * refuses to be attached to.
   */
  private String ownerIfAnother() {
    String owner = effectiveUser(status.get("Uid"));
    String mine = ownUser();
    return mine.equals("0") || mine.equals(owner)
        ? null
        : "it belongs to user "
            + owner
            + ", expected one of user "
            + mine
            + ", who runs this command; run it as that user or as root";
  }

  private static String ownUser() {
    try {
      for (String line :
          Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
        if (line.startsWith("Uid:")) {
          return effectiveUser(line.substring(4).strip());
        }
      }
    } catch (IOException e) {
      return "unknown"; // Then only root's processes are refused in error.
    }
    return "unknown";
  }

  /** Returns the second of the real, effective, saved and file system user. */
  private static String effectiveUser(String users) {
    return users.split("\\s+", -1)[1];
  }

  private boolean mapsLibrary() throws CommandException {
    try {
      String maps = Files.readString(directory.resolve("maps"), StandardCharsets.ISO_8859_1);
      return maps.contains("/" + LIBRARY);
    } catch (IOException e) {
      throw refused("it cannot be looked at: " + e);
    }
  }

  private boolean catchesQuit() {
    long caught = Long.parseUnsignedLong(status.get("SigCgt"), 16);
    return (caught >>> (SIGQUIT - 1) & 1) != 0;
  }

  /** A JVM with -Xrs, or that was attached to before, accepts attachers by its socket alone. */
  private boolean hasAttachSocket() {
    String[] names = status.getOrDefault("NSpid", String.valueOf(pid)).split("\\s+", -1);
    String name = "tmp/.java_pid" + names[names.length - 1];
    return Files.exists(directory.resolve("root").resolve(name));
  }

  /** Whether it may become a JVM: a launcher that has not loaded one yet, or has just done so. */
  private boolean mayBeStarting() throws CommandException {
    boolean launcher = "java".equals(status.get("Name")) || executable().endsWith("/java");
    return !isZombie()
        && String.valueOf(pid).equals(status.get("Tgid"))
        && ownerIfAnother() == null
        && (launcher || mapsLibrary());
  }

  private String executable() {
    try {
      return Files.readSymbolicLink(directory.resolve("exe")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private String what() {
    return "'" + status.get("Name") + "'";
  }

  private CommandException refused(String why) {
    return new CommandException("cannot attach to process " + pid + ": " + why, null);
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
