package io.dioagent.agent.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

class JnaConstantsTest {
  /** All class files of JNA, by path. */
  private static Map<String, byte[]> jnaClasses() throws Exception {
    URI jar = URI.create("jar:" + Native.class.getProtectionDomain().getCodeSource().getLocation());
    Map<String, byte[]> classes = new java.util.TreeMap<>();
    try (FileSystem files = FileSystems.newFileSystem(jar, Map.of());
        Stream<Path> walk = Files.walk(files.getPath("/com/sun/jna"))) {
      for (Path file : (Iterable<Path>) walk::iterator) {
        if (file.toString().endsWith(".class")) {
          classes.put(file.toString(), Files.readAllBytes(file));
        }
      }
    }
    assertTrue(classes.size() > 80, classes.keySet().toString());
    return classes;
  }

  /** The strings and class names a class file uses. */
  private static Set<String> constants(byte[] classFile) {
    Set<String> constants = new HashSet<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public FieldVisitor visitField(
                  int access, String name, String descriptor, String generic, Object value) {
                constants.add(descriptor);
                return null;
              }

              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String descriptor, String generic, String[] thrown) {
                constants.add(descriptor);
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitLdcInsn(Object value) {
                    constants.add(value.toString());
                  }

                  @Override
                  public void visitMethodInsn(
                      int opcode, String owner, String called, String type, boolean isInterface) {
                    constants.addAll(List.of(owner, type, owner + "." + called + type));
                  }

                  @Override
                  public void visitFieldInsn(int opcode, String owner, String field, String type) {
                    constants.addAll(List.of(owner, type));
                  }
                };
              }
            },
            0);
    return constants;
  }

  @Test
  void nothingIsSharedWithTheApplication() throws Exception {
    for (Map.Entry<String, byte[]> entry : jnaClasses().entrySet()) {
      for (String constant : constants(JnaConstants.isolate(entry.getValue()))) {
        assertFalse(constant.startsWith("jna."), entry.getKey() + ": " + constant);
        assertFalse(constant.startsWith("jnidispatch."), entry.getKey() + ": " + constant);
        assertFalse(constant.contains("java/util/logging"), entry.getKey() + ": " + constant);
      }
    }
  }

  @Test
  void everyOtherConstantStays() throws Exception {
    for (Map.Entry<String, byte[]> entry : jnaClasses().entrySet()) {
      Set<String> expected = new HashSet<>();
      for (String constant : constants(entry.getValue())) {
        String isolated = constant.replace("java/util/logging/", "io/dioagent/agent/jnalogging/");
        expected.add(
            isolated.startsWith("jna.") || isolated.startsWith("jnidispatch.")
                ? "dio-agent." + isolated
                : isolated);
      }
      assertEquals(expected, constants(JnaConstants.isolate(entry.getValue())), entry.getKey());
    }
  }

  /** The logger has all methods that JNA calls. */
  @Test
  void silentLoggerHasWhatIsCalled() throws Exception {
    String logger = "io/dioagent/agent/jnalogging/Logger.";
    Set<String> there = new HashSet<>();
    try (InputStream in =
        JnaConstantsTest.class.getResourceAsStream("/io/dioagent/agent/jnalogging/Logger.class")) {
      assertNotNull(in);
      new ClassReader(in)
          .accept(
              new ClassVisitor(Opcodes.ASM9) {
                @Override
                public MethodVisitor visitMethod(
                    int access, String name, String descriptor, String generic, String[] thrown) {
                  there.add(logger + name + descriptor);
                  return null;
                }
              },
              0);
    }
    for (byte[] classFile : jnaClasses().values()) {
      for (String constant : constants(JnaConstants.isolate(classFile))) {
        if (constant.startsWith(logger)) {
          assertTrue(there.contains(constant), constant + " is not among " + there);
        }
      }
    }
  }

  @Test
  void constantsOfEveryKindAreSkipped() throws IOException {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "X", null, "java/lang/Object", null);
    writer.newConst(1L);
    writer.newConst(1.0);
    writer.newConst(1);
    writer.newConst(1.0f);
    writer.newConst("jna.x\u00e9");
    writer.newModule("m");
    writer.newPackage("p");
    writer.newMethodType("()V");
    writer.newHandle(Opcodes.H_INVOKESTATIC, "X", "x", "()V", false);
    writer.visitEnd();
    byte[] isolated = JnaConstants.isolate(writer.toByteArray());
    assertTrue(
        new String(isolated, java.nio.charset.StandardCharsets.UTF_8)
            .contains("dio-agent.jna.x\u00e9"));
    assertEquals("X", new ClassReader(isolated).getClassName());
  }
}
