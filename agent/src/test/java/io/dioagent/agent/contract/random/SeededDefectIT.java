package io.dioagent.agent.contract.random;

import io.dioagent.agent.contract.Need;
import io.dioagent.agent.contract.Scratch;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random operations find defects of the agent itself, which come out now and then. */
class SeededDefectIT {
  private static final int OPERATIONS = 5000;

  @ParameterizedTest
  @EnumSource(Defect.class)
  void isFound(Defect defect) throws IOException {
    if (defect.under().length > 0) {
      Need.command(defect.under()[0], "--version");
    }
    try (Scratch scratch = Scratch.onDisk()) {
      Need.directWrites(scratch.directory());
      String found =
          new FuzzRun(defect.foundBy(), scratch, OPERATIONS, FuzzPlan.seeds().get(0))
              .agent(DefectiveAgent.make(scratch.directory(), defect))
              .options(defect.options())
              .under(defect.under())
              .expectDifference();
      System.out.println(defect + ": " + found);
    }
  }
}
