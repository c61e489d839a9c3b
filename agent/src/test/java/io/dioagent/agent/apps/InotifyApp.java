package io.dioagent.agent.apps;

import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Prints the inotify(7) events of the files in a directory, a line for each event, by the JDK's own
 * native methods: {@code --add-opens java.base/sun.nio.fs=ALL-UNNAMED} and {@code
 * java.base/sun.nio.ch=ALL-UNNAMED}. Ends when a file of the name {@code end} is made.
 */
public final class InotifyApp {
  private static final int ALL_EVENTS = 0xfff;
  private static final int BUFFER_BYTES = 1 << 16;

  // struct inotify_event { int wd; uint32_t mask, cookie, len; char name[]; };
  private static final int MASK = 4;
  private static final int LENGTH = 12;
  private static final int NAME = 16;

  private static final Map<Integer, String> NAMES =
      new TreeMap<>(
          Map.of(
              0x1, "ACCESS",
              0x2, "MODIFY",
              0x4, "ATTRIB",
              0x8, "CLOSE_WRITE",
              0x10, "CLOSE_NOWRITE",
              0x20, "OPEN",
              0x100, "CREATE",
              0x200, "DELETE"));

  private InotifyApp() {}

  /** Runs in a directory. */
  public static void main(String[] arguments) throws Exception {
    int inotify = (int) call("LinuxWatchService", "inotifyInit");
    byte[] path = Path.of(arguments[0]).toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer name = ByteBuffer.allocateDirect(path.length + 1).put(0, path);
    call("LinuxWatchService", "inotifyAddWatch", inotify, address(name), ALL_EVENTS);
    System.out.println("watching");
    ByteBuffer events = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.nativeOrder());
    while (true) {
      int length =
          (int) call("UnixNativeDispatcher", "read", inotify, address(events), BUFFER_BYTES);
      for (int at = 0; at < length; at += NAME + events.getInt(at + LENGTH)) {
        String file = name(events, at);
        if (file.equals("end")) {
          System.out.println("end");
          return;
        }
        System.out.println(file + " " + names(events.getInt(at + MASK)));
      }
    }
  }

  private static String name(ByteBuffer events, int at) {
    byte[] bytes = new byte[events.getInt(at + LENGTH)];
    events.get(at + NAME, bytes);
    return new String(bytes, StandardCharsets.UTF_8).replace("\0", "");
  }

  private static String names(int mask) {
    StringJoiner names = new StringJoiner("|");
    NAMES.forEach(
        (bit, name) -> {
          if ((mask & bit) != 0) {
            names.add(name);
          }
        });
    return names.toString();
  }

  private static long address(ByteBuffer direct) throws Exception {
    Method address = Class.forName("sun.nio.ch.DirectBuffer").getMethod("address");
    address.setAccessible(true);
    return (long) address.invoke(direct);
  }

  private static Object call(String type, String method, Object... arguments) throws Exception {
    for (Method candidate : Class.forName("sun.nio.fs." + type).getDeclaredMethods()) {
      if (candidate.getName().equals(method) && candidate.getParameterCount() == arguments.length) {
        candidate.setAccessible(true);
        return candidate.invoke(null, arguments);
      }
    }
    throw new NoSuchMethodException(type + "." + method);
  }
}
