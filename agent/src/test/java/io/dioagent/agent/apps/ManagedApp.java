package io.dioagent.agent.apps;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * Uses the agent's MBean as a management client would, while its own writes are lost. Prints a line
 * for each observation.
 */
public final class ManagedApp {
  private static final long LONG_SECONDS = 20;

  private ManagedApp() {}

  /** With a directory whose files are tagged; the first write beyond 8 KiB of one is lost. */
  public static void main(String[] arguments) throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("io.dioagent:type=DirectIo");
    for (int i = 0; i < 200 && !server.isRegistered(name); i++) {
      Thread.sleep(50);
    }
    System.out.println("registered " + server.isRegistered(name));
    BlockingQueue<Notification> received = new LinkedBlockingQueue<>();
    server.addNotificationListener(name, (one, handback) -> received.add(one), null, null);

    Path file = Path.of(arguments[0]).toRealPath().resolve("x");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(8192));
      System.out.println("writes " + server.getAttribute(name, "Writes"));
      System.out.println("directBytes " + server.getAttribute(name, "DirectBytes"));

      change(server, name, "all", "deadline", "400ms");
      System.out.println("deadline " + deadline(server, name));
      System.out.println("recorded " + recordedDeadline());
      change(server, name, "none", "deadline", "1s");
      change(server, name, "all", "deadline", "soon");
      change(server, name, "all", "write", "pipelined");

      Thread writer = new Thread(() -> write(channel), "the writer");
      writer.start();
      CompositeData row = inFlight(server, name);
      for (String key : new String[] {"operation", "path", "offset", "length", "thread"}) {
        System.out.println(key + " " + row.get(key));
      }
      Notification lost = received.poll(LONG_SECONDS, TimeUnit.SECONDS);
      System.out.println("notified " + lost.getType() + ": " + lost.getMessage());
      writer.join();
      System.out.println("lost " + server.getAttribute(name, "Lost"));
    }
  }

  private static void write(FileChannel channel) {
    try {
      channel.write(ByteBuffer.allocate(4096), 8192);
      System.out.println("written");
    } catch (IOException e) {
      System.out.println("failed " + e.getMessage());
    }
  }

  private static void change(MBeanServer server, ObjectName name, String... what)
      throws JMException {
    try {
      String string = String.class.getName();
      server.invoke(name, "changeTag", what, new String[] {string, string, string});
      System.out.println("changed " + String.join(" ", what));
    } catch (javax.management.RuntimeMBeanException e) {
      System.out.println("refused " + e.getCause().getMessage());
    }
  }

  private static Object deadline(MBeanServer server, ObjectName name) throws JMException {
    TabularData tags = (TabularData) server.getAttribute(name, "Tags");
    Map<Object, Object> byName = new TreeMap<>();
    for (Object row : tags.values()) {
      CompositeData entry = (CompositeData) row;
      byName.put(entry.get("key"), entry.get("value"));
    }
    TabularData options = (TabularData) byName.get("all");
    return options.get(new Object[] {"deadline"}).get("value");
  }

  /** The deadline that a recording made now has last, and where it says that it is from. */
  private static String recordedDeadline() throws IOException {
    Path file = Files.createTempFile("managed", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable("io.dioagent.AgentConfiguration");
      recording.start();
      recording.stop();
      recording.dump(file);
      String recorded = null;
      for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
        if (event.getString("key").equals("tag.all.deadline")) {
          recorded = event.getString("value") + ", " + event.getString("source");
        }
      }
      return recorded;
    } finally {
      Files.delete(file);
    }
  }

  private static CompositeData inFlight(MBeanServer server, ObjectName name) throws Exception {
    CompositeData[] rows = new CompositeData[0];
    for (int i = 0; i < 200 && rows.length == 0; i++) {
      Thread.sleep(1);
      rows = (CompositeData[]) server.getAttribute(name, "InFlight");
    }
    return rows[0];
  }
}
