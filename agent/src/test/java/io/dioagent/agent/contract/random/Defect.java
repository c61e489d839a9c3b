package io.dioagent.agent.contract.random;

import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Defects that the agent could have, each in one method of one of its classes: now and then a
 * number is wrong by one, or something is forgotten.
 */
enum Defect {
  COPIES_ONE_BYTE_LESS(
      "agent",
      "agent/hook/NativeRange",
      "copyTo(JLjava/nio/ByteBuffer;)V",
      RandomOperations.class) {
    @Override
    MethodVisitor in(MethodVisitor method, Strikes strikes) {
      return new Patch(method, strikes) {
        @Override
        public void visitMethodInsn(
            int opcode, String owner, String name, String descriptor, boolean isInterface) {
          if (owner.equals("sun/nio/ch/DioNatives") && name.equals("copy")) {
            // destination.limit(destination.limit() - strike)
            mv.visitInsn(Opcodes.DUP);
            mv.visitInsn(Opcodes.DUP);
            mv.visitMethodInsn(Opcodes.INVOKEVIRTUAL, BUFFER, "limit", "()I", false);
            strikes.push(mv);
            mv.visitInsn(Opcodes.ISUB);
            mv.visitMethodInsn(
                Opcodes.INVOKEVIRTUAL, BUFFER, "limit", "(I)L" + BUFFER + ";", false);
            mv.visitInsn(Opcodes.POP);
          }
          super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        }
      };
    }
  },

  GATHERS_FROM_ONE_BYTE_BEHIND(
      "agent", "agent/hook/Iovecs", "copy(JLjava/nio/ByteBuffer;Z)V", RandomOperations.class) {
    @Override
    MethodVisitor in(MethodVisitor method, Strikes strikes) {
      return new Patch(method, strikes) {
        @Override
        public void visitMethodInsn(
            int opcode, String owner, String name, String descriptor, boolean isInterface) {
          if (owner.equals("sun/nio/ch/DioNatives") && name.equals("copy")) {
            // The address lies below the buffer.
            mv.visitInsn(Opcodes.DUP_X2);
            mv.visitInsn(Opcodes.POP);
            strikes.addTo(mv, 1);
            mv.visitInsn(Opcodes.DUP2_X1);
            mv.visitInsn(Opcodes.POP2);
          }
          super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
        }
      };
    }
  },

  WRITES_TAIL_ONE_BYTE_BEHIND(
      "runtime",
      "runtime/write/WaitingTransfer",
      "writeBuffered(Lio/dioagent/runtime/plan/Part;)V",
      RandomOperations.class) {
    @Override
    MethodVisitor in(MethodVisitor method, Strikes strikes) {
      return new AddToLastArgument(method, strikes, "writeGathered", 1);
    }
  },

  WRITES_DIRECT_ONE_BLOCK_BEHIND(
      "runtime",
      "runtime/write/DirectTransfer",
      "queue(Lio/dioagent/runtime/plan/Part;I)Z",
      RandomOperations.class) {
    @Override
    MethodVisitor in(MethodVisitor method, Strikes strikes) {
      return new AddToResult(method, strikes, "restOffset", 4096);
    }
  },

  MOVES_POSITION_ONE_BYTE_TOO_FAR(
      "runtime",
      "runtime/FileWrites",
      "atOwnOffset(Lio/dioagent/runtime/api/WriteSource;)J",
      RandomOperations.class) {
    @Override
    MethodVisitor in(MethodVisitor method, Strikes strikes) {
      return new AddToLastArgument(method, strikes, "seek", 1);
    }
  },

  ANSWERS_ONE_BYTE_LESS("runtime", "runtime/plan/Parts", "outcome(J)J", RandomOperations.class) {
    @Override
    MethodVisitor in(MethodVisitor method, Strikes strikes) {
      return new Patch(method, strikes) {
        @Override
        public void visitInsn(int opcode) {
          if (opcode == Opcodes.LRETURN) {
            strikes.addTo(mv, -1);
          }
          super.visitInsn(opcode);
        }
      };
    }
  },

  /** As the limit on a file's size makes them. */
  FORGETS_THE_REST_OF_A_SHORT_WRITE(
      "runtime", "runtime/plan/Part", "wroteDirect(I)V", RandomOperations.class) {
    @Override
    String[] under() {
      return FuzzRun.FILE_SIZE_LIMIT;
    }

    @Override
    MethodVisitor in(MethodVisitor method, Strikes strikes) {
      return new Patch(method, strikes) {
        @Override
        public void visitCode() {
          super.visitCode();
          // bytes = this.lengthBytes - this.doneBytes
          for (String field : new String[] {"lengthBytes", "doneBytes"}) {
            mv.visitVarInsn(Opcodes.ALOAD, 0);
            mv.visitFieldInsn(Opcodes.GETFIELD, "io/dioagent/runtime/plan/Part", field, "I");
          }
          mv.visitInsn(Opcodes.ISUB);
          mv.visitVarInsn(Opcodes.ISTORE, 1);
          strikes.placed();
        }
      };
    }
  },

  LETS_READS_PASS_WHAT_IS_ON_ITS_WAY(
      "runtime", "runtime/file/FileNode", "settle(JJ)V", CrowdOperations.class) {
    @Override
    String options() {
      return "write=pipelined";
    }

    @Override
    int every() {
      return 2; // There seldom is something on its way.
    }

    @Override
    MethodVisitor in(MethodVisitor method, Strikes strikes) {
      return new SkipAll(method, strikes);
    }
  },

  RETURNS_SIZES_WITHOUT_PENDING_DATA(
      "runtime", "runtime/file/FileNode", "settle()V", RandomOperations.class) {
    @Override
    String options() {
      return "write=pipelined";
    }

    @Override
    int every() {
      return 2; // There seldom is something on its way.
    }

    @Override
    MethodVisitor in(MethodVisitor method, Strikes strikes) {
      return new SkipAll(method, strikes);
    }
  },

  FORGETS_THE_LAST_BYTE_OF_A_CHUNK(
      "runtime", "runtime/pipeline/Chunk", "filled(I)V", RandomOperations.class) {
    @Override
    String options() {
      return "write=pipelined";
    }

    @Override
    MethodVisitor in(MethodVisitor method, Strikes strikes) {
      return new Patch(method, strikes) {
        @Override
        public void visitCode() {
          super.visitCode();
          mv.visitVarInsn(Opcodes.ILOAD, 1);
          strikes.push(mv);
          mv.visitInsn(Opcodes.ISUB);
          mv.visitVarInsn(Opcodes.ISTORE, 1);
        }
      };
    }
  },

  USES_WHAT_WAS_READ_AHEAD_OF_A_WRITE(
      "runtime",
      "runtime/read/ReadAhead",
      "isUsable(Lio/dioagent/runtime/read/ReadBlock;Lio/dioagent/runtime/read/ReadCall;)Z",
      RandomOperations.class) {
    @Override
    String options() {
      return "write=sync,read=direct";
    }

    @Override
    MethodVisitor in(MethodVisitor method, Strikes strikes) {
      return new Patch(method, strikes) {
        @Override
        public void visitInsn(int opcode) {
          if (opcode == Opcodes.IRETURN) {
            mv.visitInsn(Opcodes.POP);
            mv.visitInsn(Opcodes.ICONST_1);
            strikes.placed();
          }
          super.visitInsn(opcode);
        }
      };
    }
  },

  /** Which only writes that run side by side can show. */
  GIVES_A_BUFFER_TO_TWO(
      "runtime",
      "runtime/memory/FreeBuffers",
      "takeOrMap(I)Lio/dioagent/runtime/memory/NativeBuffer;",
      CrowdOperations.class) {
    @Override
    MethodVisitor in(MethodVisitor method, Strikes strikes) {
      return new Patch(method, strikes) {
        @Override
        public void visitMethodInsn(
            int opcode, String owner, String name, String descriptor, boolean isInterface) {
          if (!name.equals("pollNewest")) {
            super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            return;
          }
          strikes.placed();
          // The newest one is looked at, and stays in the list.
          visitInsn(Opcodes.SWAP);
          visitFieldInsn(
              Opcodes.GETFIELD, owner, "free", "[Lio/dioagent/runtime/memory/NativeBuffer;");
          visitInsn(Opcodes.SWAP);
          visitInsn(Opcodes.AALOAD);
        }
      };
    }
  };

  private static final String BUFFER = "java/nio/ByteBuffer";

  private final String module;
  private final String className;
  private final String method;
  private final Class<?> foundBy;

  Defect(String module, String className, String method, Class<?> foundBy) {
    this.module = "io.dioagent." + module;
    this.className = "io/dioagent/" + className;
    this.method = method;
    this.foundBy = foundBy;
  }

  /** The module of the class. */
  String module() {
    return module;
  }

  /** The class, with slashes. */
  String className() {
    return className;
  }

  /** Name and descriptor of the method. */
  String method() {
    return method;
  }

  /** The application that finds it. */
  Class<?> foundBy() {
    return foundBy;
  }

  /** It comes out each so many times: not at the first one, for what is found must be rare. */
  int every() {
    return 50;
  }

  /** The agent's options that let the defect show. */
  String options() {
    return "write=sync";
  }

  /** The command to run the JVM with, for it to come out; empty for none. */
  String[] under() {
    return new String[0];
  }

  /** Puts it into the method. */
  abstract MethodVisitor in(MethodVisitor method, Strikes strikes);

  /** The rest of the method stays as it is. */
  private abstract static class Patch extends MethodVisitor {
    final Strikes strikes;

    Patch(MethodVisitor method, Strikes strikes) {
      super(Opcodes.ASM9, method);
      this.strikes = strikes;
    }
  }

  /** Nothing is done, now and then. */
  private static final class SkipAll extends Patch {
    SkipAll(MethodVisitor method, Strikes strikes) {
      super(method, strikes);
    }

    @Override
    public void visitCode() {
      super.visitCode();
      Label rest = new Label();
      strikes.push(mv);
      mv.visitJumpInsn(Opcodes.IFEQ, rest);
      mv.visitInsn(Opcodes.RETURN);
      mv.visitLabel(rest);
      mv.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    }
  }

  /** The last argument of a call, a long, is wrong by so much. */
  private static final class AddToLastArgument extends Patch {
    private final String called;
    private final int added;

    AddToLastArgument(MethodVisitor method, Strikes strikes, String called, int added) {
      super(method, strikes);
      this.called = called;
      this.added = added;
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      if (name.equals(called)) {
        strikes.addTo(mv, added);
      }
      super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
    }
  }

  /** The result of a call, a long, is wrong by this amount. */
  private static final class AddToResult extends Patch {
    private final String called;
    private final int added;

    AddToResult(MethodVisitor method, Strikes strikes, String called, int added) {
      super(method, strikes);
      this.called = called;
      this.added = added;
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
      if (name.equals(called)) {
        strikes.addTo(mv, added);
      }
    }
  }
}
