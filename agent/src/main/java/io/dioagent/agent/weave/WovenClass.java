package io.dioagent.agent.weave;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** A class of java.base and its woven methods. Immutable. */
final class WovenClass {
  private final String binaryName;
  private final List<HookPoint> points;

  WovenClass(String binaryName, HookPoint... points) {
    this(binaryName, List.of(points));
  }

  WovenClass(String binaryName, List<HookPoint> points) {
    this.binaryName = binaryName;
    this.points = List.copyOf(points);
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
    reader.accept(new Weaver(writer), 0);
    return writer.toByteArray();
  }

  private final class Weaver extends ClassVisitor {
    private final List<HookPoint> missing = new ArrayList<>(points);

    Weaver(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      MethodVisitor code = super.visitMethod(access, name, descriptor, signature, exceptions);
      WovenMethod method = new WovenMethod(binaryName.replace('.', '/'), access, name, descriptor);
      for (HookPoint point : points) {
        if (point.matches(method)) {
          missing.remove(point);
          code = point.weaving().weave(code, method);
        }
      }
      return code;
    }

    @Override
    public void visitEnd() {
      for (HookPoint point : missing) {
        if (point.isRequired()) {
          throw new IllegalArgumentException(binaryName + " has no " + point.describe());
        }
      }
      super.visitEnd();
    }
  }
}
