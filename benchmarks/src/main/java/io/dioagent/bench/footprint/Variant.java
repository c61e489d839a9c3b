package io.dioagent.bench.footprint;

import java.util.List;
import java.util.Optional;

/**
 * One way to start a JVM.
 *
 * @param name the name in the table
 * @param jvmArguments the agent and its options
 * @param file the file that the program writes a block to, if any
 * @param beside the name of the same variant without an agent
 */
record Variant(String name, List<String> jvmArguments, Optional<String> file, String beside) {

  Variant {
    jvmArguments = List.copyOf(jvmArguments);
  }
}
