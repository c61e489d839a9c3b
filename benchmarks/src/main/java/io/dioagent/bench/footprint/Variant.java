package io.dioagent.bench.footprint;

import java.util.List;
import java.util.Optional;

/**
 * One way to start a JVM.
 *
 * @param name for the table
 * @param jvmArguments the agent, and what it needs
 * @param file what the program writes a block to, if it does
 * @param beside the name of the variant without an agent that does the same
 */
record Variant(String name, List<String> jvmArguments, Optional<String> file, String beside) {

  Variant {
    jvmArguments = List.copyOf(jvmArguments);
  }
}
