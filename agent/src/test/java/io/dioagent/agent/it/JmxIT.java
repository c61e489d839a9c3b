package io.dioagent.agent.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.tools.attach.VirtualMachine;
import io.dioagent.agent.apps.HelloApp;
import io.dioagent.agent.apps.ManagedApp;
import io.dioagent.agent.testing.AgentJvm;
import io.dioagent.agent.testing.JvmResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The MBean {@code io.dioagent:type=DirectIo}. */
class JmxIT {
  @TempDir Path directory;

  @Test
  void whatAClientSees() throws Exception {
    Path real = directory.toRealPath();
    Path config = directory.resolve("dio.properties");
    Files.writeString(
        config, "tag.all = " + real + "/x\nfault = lose:offset=8192-12288\nlog = error\n");
    JvmResult result =
        AgentJvm.of(ManagedApp.class, real.toString())
            .agent("config=" + config)
            .run()
            .expectExit(0);
    List<String> lines = result.out().lines().toList();
    String path = real.resolve("x").toString();
    String wrong = "refused wrong option tag.all.";
    String[] expected = {
      "registered true",
      "writes 1",
      "directBytes 8192",
      "changed all deadline 400ms",
      "deadline 400ms",
      "recorded 400ms, set by JMX",
      "refused there is no tag none, expected one of [all]",
      wrong + "deadline=soon (set by JMX): expected a duration",
      wrong + "write=pipelined (set by JMX): cannot be changed while the agent runs",
      "operation write",
      "path " + path,
      "offset 8192",
      "length 4096",
      "thread the writer",
    };
    for (int i = 0; i < expected.length; i++) {
      assertTrue(lines.get(i).startsWith(expected[i]), expected[i] + " expected of\n" + result);
    }
    assertTrue(
        result.out().contains("notified io.dioagent.lost: request ")
            && result.out().contains(" of 4096 bytes at 8192 of " + path + " did not end by its"),
        result::toString);
    assertTrue(result.out().contains("failed write of 4096 bytes"), result::toString);
    assertTrue(result.out().contains("deadline 400 ms"), result::toString);
    assertEquals("lost 1", lines.get(lines.size() - 1));
  }

  /** As JMC and VisualVM do it: by the attach protocol, with a JVM that has no JMX so far. */
  @Test
  @SuppressWarnings("BanJNDI") // The address is our own JVM's.
  void aManagementConsoleConnects() throws Exception {
    ObjectName name = new ObjectName("io.dioagent:type=DirectIo");
    try (Commanded target = Commanded.start("tag=" + directory + "/**")) {
      assertEquals("ok", target.run("open x " + directory.resolve("x")));
      assertEquals("8192", target.run("write x 8192"));
      VirtualMachine machine = VirtualMachine.attach(String.valueOf(target.jvm().pid()));
      String address = machine.startLocalManagementAgent();
      machine.detach();
      try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
        MBeanServerConnection server = connector.getMBeanServerConnection();
        for (int i = 0; i < 200 && !server.isRegistered(name); i++) {
          Thread.sleep(50);
        }
        assertEquals(1L, server.getAttribute(name, "Writes"));
        assertEquals(1, server.getAttribute(name, "OpenFiles"));
        assertEquals(0, ((CompositeData[]) server.getAttribute(name, "InFlight")).length);
        assertEquals("lost", lastWord(server.getMBeanInfo(name).getNotifications()[0]));
      }
    }
  }

  /** For exporters: plain numbers only, each with its type and unit. */
  @Test
  @SuppressWarnings("BanJNDI") // The address is our own JVM's.
  void metricsHaveTypeAndUnit() throws Exception {
    ObjectName name = new ObjectName("io.dioagent:type=Metrics");
    try (Commanded target = Commanded.start("tag=" + directory + "/**")) {
      assertEquals("ok", target.run("open x " + directory.resolve("x")));
      assertEquals("8192", target.run("write x 8192"));
      assertEquals("ok", target.run("force x"));
      VirtualMachine machine = VirtualMachine.attach(String.valueOf(target.jvm().pid()));
      String address = machine.startLocalManagementAgent();
      machine.detach();
      try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
        MBeanServerConnection server = connector.getMBeanServerConnection();
        ObjectName tags = new ObjectName("io.dioagent:type=TagMetrics,*");
        for (int i = 0; i < 200 && server.queryNames(tags, null).isEmpty(); i++) {
          Thread.sleep(50);
        }
        MBeanAttributeInfo[] attributes = server.getMBeanInfo(name).getAttributes();
        assertTrue(attributes.length > 30, attributes.length + " attributes");
        for (MBeanAttributeInfo attribute : attributes) {
          String type = String.valueOf(attribute.getDescriptor().getFieldValue("metricType"));
          assertTrue(type.equals("counter") || type.equals("gauge"), attribute.toString());
          assertNotNull(attribute.getDescriptor().getFieldValue("units"), attribute.toString());
          assertInstanceOf(Number.class, server.getAttribute(name, attribute.getName()));
        }
        assertEquals(1L, server.getAttribute(name, "Writes"));
        assertEquals(0, server.getAttribute(name, "Overdue"));
        assertTrue((double) server.getAttribute(name, "WriteP99Seconds") > 0);
        assertTrue((double) server.getAttribute(name, "ForceMaxSeconds") > 0);
        ObjectName tag = server.queryNames(tags, null).iterator().next();
        assertEquals(directory + "/**", ObjectName.unquote(tag.getKeyProperty("tag")));
        assertEquals(8192L, server.getAttribute(tag, "DirectBytes"));
        assertEquals(0L, server.getAttribute(tag, "BufferedBytes"));
        assertEquals(1L, server.getAttribute(tag, "Files"));
      }
    }
  }

  private static String lastWord(MBeanNotificationInfo notifications) {
    String type = notifications.getNotifTypes()[0];
    return type.substring(type.lastIndexOf('.') + 1);
  }

  /** An application that does not ask for JMX does not get it. */
  @Test
  void notStartedForItself() {
    JvmResult result =
        AgentJvm.of(HelloApp.class)
            .agent("tag=" + directory + "/**")
            .jvm("-Xlog:class+load:file=" + directory.resolve("classes") + "::filecount=0")
            .run()
            .expectExit(0);
    String loaded = read(directory.resolve("classes"));
    assertTrue(loaded.contains("io.dioagent.agent.live.Registration "), result::toString);
    assertFalse(loaded.contains(" javax.management."), "JMX was loaded");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
