package io.dioagent.agent.weave;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Instructions at the beginning of a woven method. */
abstract class Prologue implements Weaving {
  /**
   * DioHook.NOT_MINE, copied because that class is not on the class path of every user of this one.
   */
  private static final Long NOT_MINE = Long.MIN_VALUE;

  private static final Type OBJECT = Type.getObjectType("java/lang/Object");

  /** Writes the instructions. Returns how much stack they need. */
  abstract int write(MethodVisitor code, WovenMethod method);

  @Override
  public MethodVisitor weave(MethodVisitor next, WovenMethod method) {
    return new MethodVisitor(Opcodes.ASM9, next) {
      private int stack;

      @Override
      public void visitCode() {
        super.visitCode();
        stack = write(mv, method);
      }

      @Override
      public void visitMaxs(int maxStack, int maxLocals) {
        super.visitMaxs(Math.max(maxStack, stack), maxLocals);
      }
    };
  }

  /**
   * Returns the hook's answer, unless that is NOT_MINE:
   *
   * <pre>{@code
   * long answer = DioCalls.write(descriptor, address, length);
   * if (answer != NOT_MINE) return (int) answer;
   * ... the original body
   * }</pre>
   *
   * A method without a result returns, and one that returns a long or an int returns the answer.
   */
  static Prologue redirect(String hook, Argument... arguments) {
    return new Prologue() {
      @Override
      int write(MethodVisitor code, WovenMethod method) {
        call(code, method, CALLS, hook, Type.LONG_TYPE, arguments);
        Label original = new Label();
        code.visitInsn(Opcodes.DUP2);
        code.visitLdcInsn(NOT_MINE);
        code.visitInsn(Opcodes.LCMP);
        code.visitJumpInsn(Opcodes.IFEQ, original);
        Type result = method.result();
        if (result.equals(Type.INT_TYPE)) {
          code.visitInsn(Opcodes.L2I);
        } else if (result.equals(Type.VOID_TYPE)) {
          code.visitInsn(Opcodes.POP2);
        }
        code.visitInsn(result.getOpcode(Opcodes.IRETURN));
        code.visitLabel(original);
        code.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {Opcodes.LONG});
        code.visitInsn(Opcodes.POP2);
        return Math.max(size(method, arguments), 6); // Answer, its copy and NOT_MINE.
      }
    };
  }

  /**
   * {@link #redirect(String, Argument...)} for a method whose result is an object: returns the
   * hook's answer, unless that is NOT_MINE_EITHER.
   */
  static Prologue redirectObject(String hook, Argument... arguments) {
    return new Prologue() {
      @Override
      int write(MethodVisitor code, WovenMethod method) {
        call(code, method, CALLS, hook, OBJECT, arguments);
        Label original = new Label();
        code.visitInsn(Opcodes.DUP);
        code.visitFieldInsn(Opcodes.GETSTATIC, HOOK, "NOT_MINE_EITHER", OBJECT.getDescriptor());
        code.visitJumpInsn(Opcodes.IF_ACMPEQ, original);
        code.visitTypeInsn(Opcodes.CHECKCAST, method.result().getInternalName());
        code.visitInsn(Opcodes.ARETURN);
        code.visitLabel(original);
        code.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {OBJECT.getInternalName()});
        code.visitInsn(Opcodes.POP);
        return Math.max(size(method, arguments), 3); // Answer, its copy and NOT_MINE_EITHER.
      }
    };
  }

  /** {@link #redirect(String, Argument...)} with all of the method's parameters. */
  static Prologue redirectAll(String hook, String descriptor) {
    return redirect(hook, Argument.parameters(descriptor));
  }

  /** {@link #redirect(String, Argument...)} with {@code this.fd} and all parameters. */
  static Prologue redirectStream(String hook, String owner, String descriptor) {
    Argument[] parameters = Argument.parameters(descriptor);
    Argument[] all = new Argument[parameters.length + 1];
    all[0] = Argument.descriptorOf(owner);
    System.arraycopy(parameters, 0, all, 1, parameters.length);
    return redirect(hook, all);
  }

  /** Calls the hook, then goes on with the original body. */
  static Prologue invoke(String hook, Argument... arguments) {
    return new Prologue() {
      @Override
      int write(MethodVisitor code, WovenMethod method) {
        call(code, method, NOTICES, hook, Type.VOID_TYPE, arguments);
        return size(method, arguments);
      }
    };
  }

  static void call(
      MethodVisitor code,
      WovenMethod method,
      String owner,
      String hook,
      Type result,
      Argument... arguments) {
    for (Argument argument : arguments) {
      argument.push(code, method);
    }
    code.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        owner,
        hook,
        Weaving.hookDescriptor(result, method, arguments),
        false);
  }

  private static int size(WovenMethod method, Argument... arguments) {
    return Weaving.size(method, arguments);
  }
}
