package io.dioagent.agent.contract.random;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dioagent.agent.contract.Need;
import io.dioagent.agent.contract.Scratch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random operations find defects of the agent itself, which come out now and then. */
@Tag("full")
@Tag("seeded")
class SeededDefectIT {
  private static final int OPERATIONS = 5000;

  /** Some need a coincidence, such as a file without writes for a while. */
  private static final int TRIES = 8;

  @ParameterizedTest
  @EnumSource(Defect.class)
  void isFound(Defect defect) throws IOException {
    if (defect.under().length > 0) {
      Need.command(defect.under()[0], "--version");
    }
    try (Scratch scratch = Scratch.onDisk()) {
      Need.directWrites(scratch.directory());
      Path agent = DefectiveAgent.make(scratch.directory(), defect);
      Optional<String> found = Optional.empty();
      int tries = 0;
      while (found.isEmpty() && tries < TRIES) {
        tries++;
        try (Scratch trial = Scratch.onDisk()) {
          found =
              new FuzzRun(defect.foundBy(), trial, OPERATIONS, FuzzPlan.seeds().get(0))
                  .agent(agent)
                  .options(defect.options())
                  .under(defect.under())
                  .difference();
        }
      }
      assertTrue(found.isPresent(), defect + " not found by " + TRIES + " x " + OPERATIONS);
      System.out.println(defect + ", try " + tries + ": " + found.get());
    }
  }
}
