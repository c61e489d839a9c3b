package io.dioagent.agent.contract.random;

import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Code that makes a defect come out each so many times it is passed, and the counter for that in
 * the class. It does not branch, so that it goes in anywhere. Not thread-safe, nor is that code:
 * the defect comes out a bit more or less often.
 */
final class Strikes {
  private static final String COUNTER = "passedDefect";

  private final String className;
  private final int every;
  private int places;

  Strikes(String className, int every) {
    this.className = className;
    this.every = every;
  }

  /** In how many places of the class the defect is. */
  int places() {
    return places;
  }

  /** It is in one place more, by code that does not need the rest of this. */
  void placed() {
    places++;
  }

  /** Pushes 1 if the defect is to strike now, otherwise 0. */
  void push(MethodVisitor code) {
    // 1 - Math.min(1, ++counter % every)
    code.visitInsn(Opcodes.ICONST_1);
    code.visitInsn(Opcodes.ICONST_1);
    code.visitFieldInsn(Opcodes.GETSTATIC, className, COUNTER, "I");
    code.visitInsn(Opcodes.ICONST_1);
    code.visitInsn(Opcodes.IADD);
    code.visitInsn(Opcodes.DUP);
    code.visitFieldInsn(Opcodes.PUTSTATIC, className, COUNTER, "I");
    code.visitIntInsn(Opcodes.SIPUSH, every);
    code.visitInsn(Opcodes.IREM);
    code.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/Math", "min", "(II)I", false);
    code.visitInsn(Opcodes.ISUB);
    placed();
  }

  /** Adds so much to the long that lies on the stack, if it is to come out now. */
  void addTo(MethodVisitor code, int added) {
    push(code);
    code.visitIntInsn(Opcodes.SIPUSH, added);
    code.visitInsn(Opcodes.IMUL);
    code.visitInsn(Opcodes.I2L);
    code.visitInsn(Opcodes.LADD);
  }

  void addCounter(ClassVisitor patched) {
    int access = Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;
    patched.visitField(access, COUNTER, "I", null, null).visitEnd();
  }
}
