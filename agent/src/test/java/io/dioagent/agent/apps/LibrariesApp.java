package io.dioagent.agent.apps;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.TreeSet;
import java.util.logging.LogManager;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.ClassFileVersion;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.matcher.ElementMatchers;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Uses other versions of libraries that the agent has, too, and prints which ones it got. Argument:
 * the file to write.
 */
public final class LibrariesApp {
  private LibrariesApp() {}

  /** The functions of the C library that it calls. */
  public interface C extends Library {
    /** getpid(2). */
    int getpid();
  }

  /** A log manager that only works if logging was not started before main. */
  public static final class AppLogManager extends LogManager {}

  /** Prints one line per library. */
  public static void main(String[] arguments) throws Exception {
    System.setProperty("java.util.logging.manager", AppLogManager.class.getName());
    System.out.println("logging " + LogManager.getLogManager().getClass().getSimpleName());

    write(Path.of(arguments[0]));

    C c = Native.load("c", C.class);
    boolean works = c.getpid() == ProcessHandle.current().pid();
    System.out.println("jna " + jarOf(Native.class) + " " + works);

    Class<?> made =
        new ByteBuddy(ClassFileVersion.JAVA_V17)
            .subclass(Object.class)
            .method(ElementMatchers.named("toString"))
            .intercept(FixedValue.value("made"))
            .make()
            .load(LibrariesApp.class.getClassLoader())
            .getLoaded();
    System.out.println(
        "byte-buddy " + jarOf(ByteBuddy.class) + " " + made.getDeclaredConstructor().newInstance());

    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Modifier.PUBLIC, "X", null, "java/lang/Object", null);
    System.out.println("asm " + jarOf(ClassWriter.class) + " " + (writer.toByteArray().length > 0));

    for (String name :
        new String[] {
          "io.dioagent.agent.Agent",
          "io.dioagent.runtime.DirectRuntime",
          "io.dioagent.events.Write",
          "io.dioagent.agent.jnalogging.Logger"
        }) {
      System.out.println(name + " " + visible(name));
    }
    write(Path.of(arguments[0]));
    for (String name : new TreeSet<>(System.getProperties().stringPropertyNames())) {
      if (name.contains("dio-agent") || name.contains("dioagent")) {
        System.out.println("property " + name);
      }
    }
  }

  private static void write(Path file) throws Exception {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      int unused = channel.write(ByteBuffer.allocate(8192));
    }
  }

  private static boolean visible(String name) {
    try {
      Class<?> unused = Class.forName(name, false, ClassLoader.getSystemClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static String jarOf(Class<?> type) {
    String location = type.getProtectionDomain().getCodeSource().getLocation().getPath();
    return location.substring(location.lastIndexOf('/') + 1);
  }
}
