package io.dioagent.agent.weave;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.testing.AgentJvm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Weaves the real classes of the running JDK, and of the one that integration tests fork. */
class WovenClassTest {
  static Set<Path> javaHomes() {
    Set<Path> homes = new LinkedHashSet<>();
    homes.add(Path.of(System.getProperty("java.home")));
    homes.add(AgentJvm.javaExecutable().toAbsolutePath().getParent().getParent());
    return homes;
  }

  /** Class files of java.base by binary name. */
  private static Map<String, byte[]> classFiles(Path javaHome) throws IOException {
    Map<String, byte[]> classFiles = new LinkedHashMap<>();
    try (FileSystem image =
        FileSystems.newFileSystem(URI.create("jrt:/"), Map.of("java.home", javaHome.toString()))) {
      for (String name :
          List.of(
              "sun.nio.ch.FileDispatcherImpl",
              "sun.nio.ch.UnixFileDispatcherImpl",
              "sun.nio.ch.FileChannelImpl",
              "sun.nio.ch.SimpleAsynchronousFileChannelImpl",
              "java.io.FileDescriptor",
              "java.io.FileCleanable")) {
        Path file = image.getPath("/modules/java.base", name.replace('.', '/') + ".class");
        if (Files.exists(file)) {
          classFiles.put(name, Files.readAllBytes(file));
        }
      }
    }
    return classFiles;
  }

  /** Methods that call the hook, with the hook's method: {@code write -> write}. */
  private static Map<String, String> hookCalls(byte[] classFile) {
    Map<String, String> calls = new LinkedHashMap<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String generic, String[] thrown) {
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitMethodInsn(
                      int opcode, String owner, String hook, String hookDescriptor, boolean is) {
                    if (owner.equals("sun/nio/ch/DioHook")) {
                      calls.put(name + descriptor, hook + hookDescriptor);
                    }
                  }
                };
              }
            },
            0);
    return calls;
  }

  private static WovenClass dispatcher(Map<String, byte[]> classFiles) {
    String name = "sun.nio.ch.UnixFileDispatcherImpl";
    return new WovenClass(
        classFiles.containsKey(name) ? name : "sun.nio.ch.FileDispatcherImpl",
        HookPoint.WRITE,
        HookPoint.PWRITE,
        HookPoint.WRITEV,
        HookPoint.FORCE);
  }

  @ParameterizedTest
  @MethodSource("javaHomes")
  void theDispatcherCallsTheHookFirst(Path javaHome) throws IOException {
    Map<String, byte[]> classFiles = classFiles(javaHome);
    WovenClass dispatcher = dispatcher(classFiles);
    byte[] woven = dispatcher.weave(classFiles.get(dispatcher.binaryName()));
    assertEquals(
        Map.of(
            "write(Ljava/io/FileDescriptor;JI)I", "write(Ljava/io/FileDescriptor;JI)J",
            "pwrite(Ljava/io/FileDescriptor;JIJ)I", "pwrite(Ljava/io/FileDescriptor;JIJ)J",
            "writev(Ljava/io/FileDescriptor;JI)J", "writev(Ljava/io/FileDescriptor;JI)J",
            "force(Ljava/io/FileDescriptor;Z)I", "force(Ljava/io/FileDescriptor;Z)J"),
        hookCalls(woven));
  }

  @ParameterizedTest
  @MethodSource("javaHomes")
  void opensAndClosesAreTold(Path javaHome) throws IOException {
    Map<String, byte[]> classFiles = classFiles(javaHome);
    for (String channel :
        List.of("sun.nio.ch.FileChannelImpl", "sun.nio.ch.SimpleAsynchronousFileChannelImpl")) {
      byte[] woven = new WovenClass(channel, HookPoint.OPEN).weave(classFiles.get(channel));
      assertEquals(
          List.of("opened(Ljava/io/FileDescriptor;Z)V"), List.copyOf(hookCalls(woven).values()));
    }
    String descriptor = "java.io.FileDescriptor";
    assertEquals(
        Map.of("close()V", "closing(Ljava/io/FileDescriptor;)V"),
        hookCalls(new WovenClass(descriptor, HookPoint.CLOSE).weave(classFiles.get(descriptor))));
    String cleanable = "java.io.FileCleanable";
    assertEquals(
        Map.of("performCleanup()V", "cleaning(I)V"),
        hookCalls(new WovenClass(cleanable, HookPoint.CLEANUP).weave(classFiles.get(cleanable))));
  }

  @ParameterizedTest
  @MethodSource("javaHomes")
  void membersStayAsTheyAre(Path javaHome) throws IOException {
    Map<String, byte[]> classFiles = classFiles(javaHome);
    WovenClass dispatcher = dispatcher(classFiles);
    byte[] original = classFiles.get(dispatcher.binaryName());
    assertEquals(members(original), members(dispatcher.weave(original)));
  }

  private static Set<String> members(byte[] classFile) {
    Set<String> members = new LinkedHashSet<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String generic, String[] thrown) {
                members.add(access + " " + name + descriptor);
                return null;
              }
            },
            0);
    return members;
  }

  @ParameterizedTest
  @MethodSource("javaHomes")
  void weavingIsRepeatable(Path javaHome) throws IOException {
    Map<String, byte[]> classFiles = classFiles(javaHome);
    WovenClass dispatcher = dispatcher(classFiles);
    byte[] original = classFiles.get(dispatcher.binaryName());
    assertArrayEquals(dispatcher.weave(original), dispatcher.weave(original));
  }

  @Test
  void aMissingMethodIsNamed() throws IOException {
    byte[] classFile;
    try (var in = Object.class.getResourceAsStream("/java/lang/Runnable.class")) {
      classFile = in.readAllBytes();
    }
    WovenClass woven = new WovenClass("java.lang.Runnable", HookPoint.WRITE);
    String message =
        assertThrows(IllegalArgumentException.class, () -> woven.weave(classFile)).getMessage();
    assertEquals("java.lang.Runnable has no write(Ljava/io/FileDescriptor;JI)I", message);
  }

  @Test
  void theWritableParameterIsTheSecondBoolean() {
    assertEquals(
        3,
        HookPoint.writableParameter(
            "(Ljava/io/FileDescriptor;Ljava/lang/String;ZZZLjava/lang/Object;)V"));
    assertEquals(2, HookPoint.writableParameter("(Ljava/io/FileDescriptor;ZZLx/Pool;)V"));
    assertEquals(4, HookPoint.writableParameter("(Ljava/io/FileDescriptor;JZZ)V"));
    assertFalse(HookPoint.writableParameter("(Ljava/io/FileDescriptor;Z)V") >= 0);
    assertTrue(HookPoint.writableParameter("(Ljava/lang/String;ZZ)V") < 0);
  }
}
