package io.dioagent.agent.weave;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** A class of java.base and the methods of it that get a prologue. Immutable. */
final class WovenClass {
  private final String binaryName;
  private final List<HookPoint> points;

  WovenClass(String binaryName, HookPoint... points) {
    this.binaryName = binaryName;
    this.points = List.of(points);
  }

  String binaryName() {
    return binaryName;
  }

  /**
   * Weaves a class file.
   *
   * @throws IllegalArgumentException if a method is missing, or the class file is newer than known
   */
  byte[] weave(byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, 0);
    PrologueWriter prologues = new PrologueWriter(writer);
    reader.accept(prologues, 0);
    if (!prologues.missing.isEmpty()) {
      throw new IllegalArgumentException(
          binaryName + " has no " + prologues.missing.get(0).describe());
    }
    return writer.toByteArray();
  }

  private final class PrologueWriter extends ClassVisitor {
    private final List<HookPoint> missing = new ArrayList<>(points);

    PrologueWriter(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor code = super.visitMethod(access, name, descriptor, signature, exceptions);
      for (HookPoint point : points) {
        if (point.matches(access, name, descriptor)) {
          missing.remove(point);
          return new WithPrologue(code, point.prologue(), name, descriptor);
        }
      }
      return code;
    }
  }

  private static final class WithPrologue extends MethodVisitor {
    private final Prologue prologue;
    private final String name;
    private final String descriptor;
    private int stack;

    WithPrologue(MethodVisitor next, Prologue prologue, String name, String descriptor) {
      super(Opcodes.ASM9, next);
      this.prologue = prologue;
      this.name = name;
      this.descriptor = descriptor;
    }

    @Override
    public void visitCode() {
      super.visitCode();
      stack = prologue.write(mv, name, descriptor);
    }

    @Override
    public void visitMaxs(int maxStack, int maxLocals) {
      super.visitMaxs(Math.max(maxStack, stack), maxLocals);
    }
  }
}
